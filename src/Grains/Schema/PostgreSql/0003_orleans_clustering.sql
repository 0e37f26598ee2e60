-- Who is in the cluster, for Orleans' AdoNet clustering. Each change of a member also moves the table's version,
-- in one statement, and only from the version that the writer had read.
CREATE TABLE OrleansMembershipVersionTable (
  DeploymentId varchar(150) PRIMARY KEY,
  Timestamp    timestamptz  NOT NULL DEFAULT now(),
  Version      integer      NOT NULL DEFAULT 0
);

CREATE TABLE OrleansMembershipTable (
  DeploymentId varchar(150) NOT NULL REFERENCES OrleansMembershipVersionTable (DeploymentId),
  Address      varchar(45)  NOT NULL,
  Port         integer      NOT NULL,
  Generation   integer      NOT NULL,
  SiloName     varchar(150) NOT NULL,
  HostName     varchar(150) NOT NULL,
  Status       integer      NOT NULL,
  ProxyPort    integer,
  SuspectTimes varchar(8000),
  StartTime    timestamptz  NOT NULL,
  IAmAliveTime timestamptz  NOT NULL,
  PRIMARY KEY (DeploymentId, Address, Port, Generation)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', '
WITH inserted AS (
  INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
SELECT CAST(count(*) AS integer) FROM inserted'),

('InsertMembershipKey', '
WITH bumped AS (
  UPDATE OrleansMembershipVersionTable v SET Timestamp = now(), Version = v.Version + 1
  WHERE v.DeploymentId = @DeploymentId AND v.Version = @Version AND NOT EXISTS (
    SELECT 1 FROM OrleansMembershipTable m
    WHERE m.DeploymentId = @DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation)
  RETURNING v.DeploymentId),
inserted AS (
  INSERT INTO OrleansMembershipTable
    (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
  SELECT bumped.DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
  FROM bumped RETURNING 1)
SELECT CAST(count(*) AS integer) FROM inserted'),

('UpdateMembershipKey', '
WITH bumped AS (
  UPDATE OrleansMembershipVersionTable v SET Timestamp = now(), Version = v.Version + 1
  WHERE v.DeploymentId = @DeploymentId AND v.Version = @Version AND EXISTS (
    SELECT 1 FROM OrleansMembershipTable m
    WHERE m.DeploymentId = @DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation)
  RETURNING v.DeploymentId),
updated AS (
  UPDATE OrleansMembershipTable m SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
  FROM bumped
  WHERE m.DeploymentId = bumped.DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
  RETURNING 1)
SELECT CAST(count(*) AS integer) FROM updated'),

('UpdateIAmAlivetimeKey', '
UPDATE OrleansMembershipTable SET IAmAliveTime = @IAmAliveTime
WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation'),

('MembershipReadRowKey', '
SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
  m.StartTime, m.IAmAliveTime, v.Version
FROM OrleansMembershipVersionTable v
LEFT JOIN OrleansMembershipTable m
  ON m.DeploymentId = v.DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
WHERE v.DeploymentId = @DeploymentId'),

('MembershipReadAllKey', '
SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
  m.StartTime, m.IAmAliveTime, v.Version
FROM OrleansMembershipVersionTable v
LEFT JOIN OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId
WHERE v.DeploymentId = @DeploymentId'),

('GatewaysQueryKey', '
SELECT Address, ProxyPort, Generation FROM OrleansMembershipTable
WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0'),

-- 3 is SiloStatus.Active: the living are never cleaned away.
('CleanupDefunctSiloEntriesKey', '
DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId AND IAmAliveTime < @IAmAliveTime AND Status <> 3'),

('DeleteMembershipTableEntriesKey', '
WITH members AS (DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId)
DELETE FROM OrleansMembershipVersionTable WHERE DeploymentId = @DeploymentId');
