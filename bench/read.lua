-- wrk script: one signed GET again and again.
local headers = {}
for line in io.open(os.getenv("BENCH_HEADERS")):lines() do
  local name, value = line:match("^(.-): (.*)$")
  headers[name] = value
end
local path = os.getenv("BENCH_PATH")

function request()
  return wrk.format("GET", path, headers)
end

function response(status)
  if status ~= 200 then wrk.thread:stop() print("refused " .. status) end
end
