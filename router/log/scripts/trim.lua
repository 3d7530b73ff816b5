-- Deletes entries below n, under the fence, and only what a snapshot stands for.
-- KEYS  log, lease, generation, snapshot      ARGV  epoch, nonce, generation, first n to keep
if redis.call('GET', KEYS[3]) ~= ARGV[3] then return {'WIPED', 'its generation is another or gone'} end
local held = redis.call('HMGET', KEYS[2], 'epoch', 'nonce')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return {'FENCED'} end
local keep = tonumber(ARGV[4])
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local top = last and tonumber(string.match(last[1], '^%d+')) or 0
-- The top always stays: `append` measures itself against it.
keep = math.min(keep, top, tonumber(redis.call('HGET', KEYS[4], 'n') or '0') + 1)
return {'OK', redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f-0', keep))}
