-- A gateway claims its name: whoever sent under it before (a zombie of the same gateway) is shut out.
-- KEYS  senders      ARGV  gateway, nonce      Returns the last sequence ever sent under this name.
local last = string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '0:', '^%d+')
redis.call('HSET', KEYS[1], ARGV[1], last .. ':' .. ARGV[2])
return {'OK', tonumber(last)}
