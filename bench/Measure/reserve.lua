-- wrk: every request reserves one ticket, with the next of many members' tokens. Arguments: a file of tokens and a path.
-- For a crowd before many events also: how many events (their numbers, from 1, are appended to the path); the exponent of
-- Zipf's law, 0 for events that are all alike; and after how many seconds to send no more, so that every answer is counted.
local tokens, path, n = {}, nil, 0
local shares = {} -- of this event and all that are more popular
local threads = {}

function setup(thread)
  thread:set("id", #threads)
  threads[#threads + 1] = thread
end

function init(args)
  for line in io.lines(args[1]) do tokens[#tokens + 1] = line end
  path = args[2]
  n = id * math.floor(#tokens / 2)
  if args[3] then gather(tonumber(args[3]), tonumber(args[4]), tonumber(args[5])) end
end

function gather(events, exponent, seconds)
  math.randomseed(os.time() + id)
  local sum = 0
  for rank = 1, events do
    sum = sum + 1 / rank ^ exponent
    shares[rank] = sum
  end
  local silentAt = os.time() + seconds
  function delay() return os.time() < silentAt and 0 or 3600000 end
  soldOut, troubled = 0, 0
  function response(status)
    if status == 409 then soldOut = soldOut + 1 elseif status ~= 200 then troubled = troubled + 1 end
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
  return wrk.format("POST", to, { ["x-access-token"] = tokens[n], ["Content-Length"] = "0" })
end

function done(summary)
  local refused, failed = 0, 0
  for _, thread in ipairs(threads) do
    refused = refused + (thread:get("soldOut") or 0)
    failed = failed + (thread:get("troubled") or 0)
  end
  print("Answers: " .. summary.requests .. ", sold out " .. refused .. ", in trouble " .. failed)
end
