-- wrk script: durable submissions in collections of 100, every id new. BENCH_HEADERS holds the signed headers (SharedKey
-- does not sign a body, so one signature serves all bodies of one length); BENCH_FIRST is the number of the first task.
local file = io.open(os.getenv("BENCH_BODY"), "rb")
local template = file:read("*a")
file:close()

local pieces, from = {}, 1
while true do
  local first, last = template:find('"id":"task%-%d+', from)
  if not first then break end
  pieces[#pieces + 1] = template:sub(from, first - 1) .. '"id":"task-'
  from = last + 1
end
local rest = template:sub(from)
local headers = {}
for line in io.open(os.getenv("BENCH_HEADERS")):lines() do
  local name, value = line:match("^(.-): (.*)$")
  headers[name] = value
end
local number = tonumber(os.getenv("BENCH_FIRST"))
local path = os.getenv("BENCH_PATH")

function request()
  local parts = {}
  for at = 1, #pieces do
    parts[2 * at - 1] = pieces[at]
    parts[2 * at] = string.format("%09d", number)
    number = number + 1
  end
  parts[#parts + 1] = rest
  return wrk.format("POST", path, headers, table.concat(parts))
end

function response(status)
  if status ~= 200 then wrk.thread:stop() print("refused " .. status) end
end
