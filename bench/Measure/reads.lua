-- A script for wrk: reads a path. In the path, {n} is another number from 1 to the second argument each time.
local path, most, n = nil, 1, 0

function init(args)
  path, most = args[1], tonumber(args[2])
end

function request()
  n = n % most + 1
  return wrk.format("GET", (path:gsub("{n}", n)))
end
