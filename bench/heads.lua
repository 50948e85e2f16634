-- What a plain client would ask to learn what tags stand for: a HEAD for each, over and over.
--   wrk ... -s heads.lua URL -- FILE
-- FILE has two lines for each request: a path and a token. At the end one line of JSON.

local requests = {}
local sent = 0

function init(args)
  local file = assert(io.open(args[1]))
  while true do
    local path, token = file:read("*l"), file:read("*l")
    if not token then break end
    requests[#requests + 1] = "HEAD " .. path .. " HTTP/1.1\r\nHost: " .. wrk.headers["Host"] ..
      "\r\nUser-Agent: bench\r\nAccept: application/vnd.oci.image.manifest.v1+json\r\nAuthorization: Bearer " .. token .. "\r\n\r\n"
  end
  file:close()
end

function request()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end

function done(summary)
  io.write(string.format('{"requests":%d,"duration":%d,"failed":%d}\n', summary.requests, summary.duration,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
