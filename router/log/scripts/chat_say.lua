-- Appends one message to a chat, once: the same id again gives the number it has.
-- KEYS  chat, messages, said      ARGV  id, sealed message, most messages
local n = redis.call('HGET', KEYS[3], ARGV[1])
if n then return {'OLD', tonumber(n)} end
if redis.call('HGET', KEYS[1], 'state') ~= 'open' then return {'CLOSED'} end
if redis.call('LLEN', KEYS[2]) >= tonumber(ARGV[3]) then return {'FULL'} end
-- First write: refused as a whole where memory or disk is full.
n = redis.call('RPUSH', KEYS[2], ARGV[2])
redis.call('HSET', KEYS[3], ARGV[1], n)
return {'OK', n}
