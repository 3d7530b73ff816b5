-- Gives the lease up before its time, so that a standby need not wait. The epoch stays: it only ever rises.
-- KEYS  lease      ARGV  epoch, nonce
local held = redis.call('HMGET', KEYS[1], 'epoch', 'nonce')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return {'FENCED'} end
redis.call('HSET', KEYS[1], 'until', '0')
return {'OK'}
