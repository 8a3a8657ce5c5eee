/**
 * A Lua function that takes `cost` tokens from a bucket in Redis, by Redis's own clock, if they are there. Returns the tokens gone, or
 * capacity + 1 for a refusal, and the milliseconds until one more token is there (0 when the bucket is full).
 */
export const TAKE_TOKEN_LUA = `
local function take(key, cost, capacity, fillMicros)
  local perMs = capacity / (fillMicros / 1000)
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  local kept = redis.call('HMGET', key, 't', 'at')
  local tokens = tonumber(kept[1]) or capacity
  local at = tonumber(kept[2]) or now
  if now > at then
    tokens = math.min(capacity, tokens + (now - at) * perMs)
    at = now
  end
  local gone = capacity + 1
  if tokens + 1e-9 >= cost then
    tokens = math.max(0, tokens - cost)
    gone = capacity - math.floor(tokens + 1e-9)
  end
  redis.call('HSET', key, 't', string.format('%.9f', tokens), 'at', string.format('%.0f', at))
  redis.call('PEXPIRE', key, math.ceil((capacity - tokens) / perMs) + 1000)
  local wait = 0
  if tokens < capacity then
    wait = math.ceil((math.floor(tokens + 1e-9) + 1 - tokens) / perMs)
  end
  return {gone, wait}
end
`;

/**
 * The script of the limiter's library. One serves every category, because all limiters on one connection share the command's name:
 * capacity (ARGV[3]) and the microseconds an empty bucket takes to fill (ARGV[4]) come with each call.
 */
export const TOKEN_BUCKET_SCRIPT = `${TAKE_TOKEN_LUA}
return take(KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4]))
`;
