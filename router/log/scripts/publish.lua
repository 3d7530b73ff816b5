-- A version of a flow is kept for good and made live under its aliases, all in one moment.
-- KEYS  versions, live, history     ARGV  sealed version or '', its digest, number wanted or 0, line of history, aliases…
-- Returns {number} or an error word: the same text again is the version it was.
local number = tonumber(ARGV[3])
if number == 0 then
  local newest = redis.call('HLEN', KEYS[1])
  if newest > 0 and string.sub(redis.call('HGET', KEYS[1], tostring(newest)), 1, #ARGV[2]) == ARGV[2] then
    number = newest
  else
    number = newest + 1
    redis.call('HSET', KEYS[1], tostring(number), ARGV[2] .. ARGV[1])
  end
elseif redis.call('HEXISTS', KEYS[1], tostring(number)) == 0 then
  return {'UNKNOWN'}
end
for index = 5, #ARGV do
  redis.call('HSET', KEYS[2], ARGV[index], tostring(number))
  redis.call('RPUSH', KEYS[3], ARGV[index] .. ' ' .. number .. ' ' .. ARGV[4])
end
redis.call('LTRIM', KEYS[3], -500, -1)
return {'OK', number}
