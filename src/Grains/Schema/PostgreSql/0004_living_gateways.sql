-- A silo that hangs still accepts connections. Its heartbeat, on the database's clock, tells front-ends to leave it out
-- before the silos have agreed that it is dead. When none has a heartbeat, perhaps because the database was away, all count.
UPDATE OrleansQuery SET QueryText = '
UPDATE OrleansMembershipTable SET IAmAliveTime = now()
WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation'
WHERE QueryKey = 'UpdateIAmAlivetimeKey';

UPDATE OrleansQuery SET QueryText = '
WITH gateways AS (
  SELECT Address, ProxyPort, Generation, IAmAliveTime > now() - interval ''4 seconds'' AS lives
  FROM OrleansMembershipTable
  WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0)
SELECT Address, ProxyPort, Generation FROM gateways WHERE lives OR NOT EXISTS (SELECT 1 FROM gateways WHERE lives)'
WHERE QueryKey = 'GatewaysQueryKey';
