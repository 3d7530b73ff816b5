-- Keeps a sealed file with a chat.
-- KEYS  chat, files      ARGV  id, sealed file, most files
if redis.call('HGET', KEYS[1], 'state') ~= 'open' then return {'CLOSED'} end
if redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[3]) then return {'FULL'} end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
return {'OK'}
