-- A script for wrk: every request reserves one ticket, with the next of many members' tokens. Arguments: a file of
-- tokens and a path; and "keys", to send an idempotency key with each request. For a crowd of many events instead: the
-- number of events (their numbers, from 1, are appended to the path); the exponent of Zipf's law, 0 for equally popular
-- events; and, to count every answer, the number of seconds after which to stop sending.
local tokens, path, n = {}, nil, 0
local keys, asked = nil, 0 -- the prefix of this thread's keys, and their number
local shares = {} -- cumulative: the share of an event and of all more popular ones
local threads = {}

function setup(thread)
  thread:set("id", #threads)
  threads[#threads + 1] = thread
end

function init(args)
  for line in io.lines(args[1]) do tokens[#tokens + 1] = line end
  path = args[2]
  n = id * math.floor(#tokens / 2)
  if args[3] == "keys" then
    keys = string.format("%d-%d-", os.time(), id)
  elseif args[3] then
    gather(tonumber(args[3]), tonumber(args[4]))
  end
  if args[5] then count(tonumber(args[5])) end
end

function gather(events, exponent)
  math.randomseed(os.time() + id)
  local sum = 0
  for rank = 1, events do
    sum = sum + 1 / rank ^ exponent
    shares[rank] = sum
  end
end

function count(seconds)
  local silentAt = os.time() + seconds
  function delay() return os.time() < silentAt and 0 or 3600000 end
  soldOut, failedCalls = 0, 0
  function response(status)
    if status == 409 then soldOut = soldOut + 1 elseif status ~= 200 then failedCalls = failedCalls + 1 end
  end
end

local function choose()
  local at, low, high = math.random() * shares[#shares], 1, #shares
  while low < high do
    local middle = math.floor((low + high) / 2)
    if shares[middle] < at then low = middle + 1 else high = middle end
  end
  return low
end

function request()
  n = n % #tokens + 1
  local to = #shares > 0 and path .. choose() or path
  local headers = { ["x-access-token"] = tokens[n], ["Content-Length"] = "0" }
  if keys then
    asked = asked + 1
    headers["Idempotency-Key"] = keys .. asked
  end
  return wrk.format("POST", to, headers)
end

function done(summary, latency)
  local refused, failed = 0, 0
  for _, thread in ipairs(threads) do
    refused = refused + (thread:get("soldOut") or 0)
    failed = failed + (thread:get("failedCalls") or 0)
  end
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  local line = "Seen: answers %d, not accepted %d, broken %d, microseconds %d, sold out %d, failed %d, "
    .. "p50 %d, p99 %d, p99.9 %d"
  print(string.format(line,
    summary.requests, summary.errors.status, broken, summary.duration, refused, failed,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
