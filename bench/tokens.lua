-- What wrk sends: token requests as the docker client words them.
--   wrk ... -s tokens.lua URL -- distinct|equal USERS PASSWORD
-- distinct: each request asks for a repository that was not asked for before, as the next user, in the next namespace.
-- equal: all ask for the same. At the end one line of JSON: microseconds and counts.

local base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function base64(text)
  local encoded = {}
  for i = 1, #text, 3 do
    local a, b, c = text:byte(i, i + 2)
    local bits = a * 65536 + (b or 0) * 256 + (c or 0)
    for place = 1, 4 do
      local digit = math.floor(bits / 64 ^ (4 - place)) % 64 + 1
      local is_padding = (place == 3 and not b) or (place == 4 and not c)
      encoded[#encoded + 1] = is_padding and "=" or base64_digits:sub(digit, digit)
    end
  end
  return table.concat(encoded)
end

local mode, users, password
local heads, tails = {}, {}
local sent = 0

function init(args)
  mode, users, password = args[1], tonumber(args[2]), args[3]
  for i = 0, users - 1 do
    local name = string.format("user-%03d", i)
    heads[i] = "GET /token_auth?account=" .. name .. "&client_id=docker&scope=repository%3Ateam-"
    tails[i] = "%3Apull%2Cpush&service=Docker+registry HTTP/1.1\r\nHost: " .. wrk.headers["Host"] ..
      "\r\nUser-Agent: docker/28.0.1 go/go1.23.6 os/linux arch/amd64\r\nAuthorization: Basic " ..
      base64(name .. ":" .. password) .. "\r\nAccept-Encoding: gzip\r\n\r\n"
  end
end

function request()
  if mode == "equal" then return heads[1] .. "001/app" .. tails[1] end
  sent = sent + 1
  local user = sent % users
  -- Every second one in a namespace of the user's own, the others in all others in turn.
  local team = sent % 2 == 0 and user or math.floor(sent / users) % users
  return heads[user] .. string.format("%03d/app-%x", team, sent) .. tails[user]
end

function done(summary, latency)
  io.write(string.format(
    '{"requests":%d,"duration":%d,"failed":%d,"p50":%d,"p99":%d,"p999":%d}\n', summary.requests, summary.duration,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
