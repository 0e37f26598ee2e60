-- Grain state for Orleans' AdoNet persistence. Unlike the usual script, the whole identity is the primary key,
-- so that two first writes cannot both succeed; every write returns the new version, or no row when it lost.
CREATE TABLE IF NOT EXISTS OrleansQuery (
  QueryKey  varchar(64)   PRIMARY KEY,
  QueryText varchar(8000) NOT NULL
);

CREATE TABLE OrleansStorage (
  GrainIdHash     integer      NOT NULL,
  GrainIdN0       bigint       NOT NULL,
  GrainIdN1       bigint       NOT NULL,
  GrainTypeHash   integer      NOT NULL,
  GrainTypeString varchar(512) NOT NULL,
  GrainExt        varchar(512) NOT NULL DEFAULT '',
  ServiceId       varchar(150) NOT NULL,
  PayloadBinary   bytea,
  ModifiedOn      timestamptz  NOT NULL,
  Version         integer      NOT NULL,
  PRIMARY KEY (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainExt, ServiceId)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('WriteToStorageKey', '
INSERT INTO OrleansStorage AS s
  (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainExt, ServiceId, PayloadBinary, ModifiedOn, Version)
SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString,
  COALESCE(CAST(@GrainIdExtensionString AS text), ''''), @ServiceId, @PayloadBinary, now(), 1
WHERE CAST(@GrainStateVersion AS integer) IS NULL OR EXISTS (
  SELECT 1 FROM OrleansStorage
  WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
    AND GrainTypeString = @GrainTypeString AND GrainExt = COALESCE(CAST(@GrainIdExtensionString AS text), '''')
    AND ServiceId = @ServiceId)
ON CONFLICT (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainExt, ServiceId)
DO UPDATE SET PayloadBinary = excluded.PayloadBinary, ModifiedOn = excluded.ModifiedOn, Version = s.Version + 1
  WHERE s.Version = CAST(@GrainStateVersion AS integer)
RETURNING Version AS NewGrainStateVersion'),

('ReadFromStorageKey', '
SELECT PayloadBinary, Version FROM OrleansStorage
WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
  AND GrainTypeString = @GrainTypeString AND GrainExt = COALESCE(CAST(@GrainIdExtensionString AS text), '''')
  AND ServiceId = @ServiceId'),

('ClearStorageKey', '
UPDATE OrleansStorage SET PayloadBinary = NULL, ModifiedOn = now(), Version = Version + 1
WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
  AND GrainTypeString = @GrainTypeString AND GrainExt = COALESCE(CAST(@GrainIdExtensionString AS text), '''')
  AND ServiceId = @ServiceId AND Version = CAST(@GrainStateVersion AS integer)
RETURNING Version AS NewGrainStateVersion');
