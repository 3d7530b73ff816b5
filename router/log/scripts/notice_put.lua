-- Keeps a notice and makes it due, once for each id; answers what is kept.
-- KEYS  notice, due      ARGV  value, id, due, seconds to keep
local kept = redis.call('GET', KEYS[1])
if kept then return kept end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
return ARGV[1]
