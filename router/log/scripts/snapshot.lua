-- Keeps the newest snapshot. Not fenced, since standbys write it too: equal entries give equal states.
-- KEYS  snapshot, generation, log      ARGV  generation, n, state
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return {'WIPED', 'its generation is another or gone'} end
local last = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)[1]
local top = last and tonumber(string.match(last[1], '^%d+')) or 0
-- A state of entries that a failover took away must not outlive them.
if tonumber(ARGV[2]) > top then return {'GAP', top} end
if tonumber(ARGV[2]) > tonumber(redis.call('HGET', KEYS[1], 'n') or '0') then
  redis.call('HSET', KEYS[1], 'n', ARGV[2], 'state', ARGV[3])
end
return {'OK'}
