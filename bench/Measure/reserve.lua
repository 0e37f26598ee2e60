-- wrk: every request reserves one ticket, with the next of many members' tokens.
local tokens, path, n = {}, nil, 0
local threads = 0
function setup(thread) thread:set("id", threads) threads = threads + 1 end
function init(args)
  for line in io.lines(args[1]) do tokens[#tokens + 1] = line end
  path = args[2]
  n = id * math.floor(#tokens / 2)
end
function request()
  n = n % #tokens + 1
  return wrk.format("POST", path, { ["x-access-token"] = tokens[n], ["Content-Length"] = "0" })
end
