-- Puts a notice in place of the one that was read, if it is still that one.
-- KEYS  notice, due, failed
-- ARGV  value read, value, id, when due ('': no longer), when made if it failed (''), seconds to keep, most failures
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[6])
if ARGV[4] == '' then redis.call('ZREM', KEYS[2], ARGV[3]) else redis.call('ZADD', KEYS[2], ARGV[4], ARGV[3]) end
if ARGV[5] ~= '' then
  redis.call('ZADD', KEYS[3], ARGV[5], ARGV[3])
  redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -1 - ARGV[7])
else
  redis.call('ZREM', KEYS[3], ARGV[3])
end
return 1
