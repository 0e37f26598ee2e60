-- Grain state for Orleans' AdoNet persistence. The whole identity is the primary key, so that two first writes
-- cannot both succeed; every write returns the new version, or no row when it lost.
CREATE TABLE OrleansQuery (
  QueryKey  TEXT PRIMARY KEY,
  QueryText TEXT NOT NULL
);

CREATE TABLE OrleansStorage (
  GrainIdHash     INTEGER NOT NULL,
  GrainIdN0       INTEGER NOT NULL,
  GrainIdN1       INTEGER NOT NULL,
  GrainTypeHash   INTEGER NOT NULL,
  GrainTypeString TEXT    NOT NULL,
  GrainExt        TEXT    NOT NULL DEFAULT '',
  ServiceId       TEXT    NOT NULL,
  PayloadBinary   BLOB,
  ModifiedOn      TEXT    NOT NULL,
  Version         INTEGER NOT NULL,
  PRIMARY KEY (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainExt, ServiceId)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('WriteToStorageKey', '
INSERT INTO OrleansStorage AS s
  (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainExt, ServiceId, PayloadBinary, ModifiedOn, Version)
SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString,
  COALESCE(@GrainIdExtensionString, ''''), @ServiceId, @PayloadBinary, datetime(''now''), 1
WHERE @GrainStateVersion IS NULL OR EXISTS (
  SELECT 1 FROM OrleansStorage
  WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
    AND GrainTypeString = @GrainTypeString AND GrainExt = COALESCE(@GrainIdExtensionString, '''') AND ServiceId = @ServiceId)
ON CONFLICT (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainExt, ServiceId)
DO UPDATE SET PayloadBinary = excluded.PayloadBinary, ModifiedOn = excluded.ModifiedOn, Version = s.Version + 1
  WHERE s.Version = @GrainStateVersion
RETURNING Version AS NewGrainStateVersion'),

('ReadFromStorageKey', '
SELECT PayloadBinary, Version FROM OrleansStorage
WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
  AND GrainTypeString = @GrainTypeString AND GrainExt = COALESCE(@GrainIdExtensionString, '''') AND ServiceId = @ServiceId'),

('ClearStorageKey', '
UPDATE OrleansStorage SET PayloadBinary = NULL, ModifiedOn = datetime(''now''), Version = Version + 1
WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
  AND GrainTypeString = @GrainTypeString AND GrainExt = COALESCE(@GrainIdExtensionString, '''') AND ServiceId = @ServiceId
  AND Version = @GrainStateVersion
RETURNING Version AS NewGrainStateVersion');
