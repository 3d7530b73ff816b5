-- Ends a chat: it takes no more messages and is deleted after a while. Repeating it changes nothing.
-- KEYS  chat, messages, said, files      ARGV  seconds to keep it
if redis.call('HGET', KEYS[1], 'state') ~= 'open' then return {'OLD'} end
redis.call('HSET', KEYS[1], 'state', 'closed')
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[1]) end
return {'OK'}
