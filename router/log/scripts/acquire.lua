-- Takes the pool's lease if it has lapsed, by Redis's own clock: the only clock all candidates share.
-- KEYS  lease, generation, log, snapshot
-- ARGV  nonce, lease length (us), generation we knew (or ''), a new generation for an empty data set
local generation = redis.call('GET', KEYS[2])
local held = redis.call('HMGET', KEYS[1], 'epoch', 'until', 'n')
local last = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)[1]
local covered = redis.call('HGET', KEYS[4], 'n')

-- A data set is empty altogether or it has its generation. Anything else lost something, and starting
-- afresh on it would forget every contact without a word.
if generation and ARGV[3] ~= '' and generation ~= ARGV[3] then return {'WIPED', 'another data set'} end
if not generation then
  if ARGV[3] ~= '' then return {'WIPED', 'the data set is gone'} end
  if held[1] or last or covered then return {'WIPED', 'the generation is gone'} end
end
if held[3] and not last and not covered then return {'WIPED', 'the log is gone'} end

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local left = tonumber(held[2] or '0') - now
if left > tonumber(ARGV[2]) then
  -- The clock went back. Not taken at once, since its holder may still act for a whole lease.
  redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + ARGV[2]))
  left = tonumber(ARGV[2])
end
if left > 0 then return {'HELD', left} end

if not generation then
  generation = ARGV[4]
  redis.call('SET', KEYS[2], generation)
end
local epoch = tonumber(held[1] or '0') + 1
redis.call('HSET', KEYS[1], 'epoch', epoch, 'nonce', ARGV[1], 'until', string.format('%.0f', now + ARGV[2]))
return {'OK', epoch, generation, now}
