-- Takes a named hold if nobody has it or we do, or gives ours up. It lapses by itself, by Redis's own clock.
-- KEYS  hold      ARGV  nonce, milliseconds (0: give it up)
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return 1
