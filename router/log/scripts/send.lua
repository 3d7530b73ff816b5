-- Puts one event into the inbox, numbered by its gateway without holes, so that a repeat is known as such.
-- KEYS  inbox, senders      ARGV  gateway, nonce, sequence, event
local last, nonce = string.match(redis.call('HGET', KEYS[2], ARGV[1]) or '', '^(%d+):(.*)$')
if nonce ~= ARGV[2] then return {'FENCED'} end
if tonumber(last) == tonumber(ARGV[3]) then return {'OK'} end -- its reply was lost
if tonumber(last) + 1 ~= tonumber(ARGV[3]) then return {'GAP', tonumber(last)} end
-- First write: refused as a whole where memory or disk is full.
redis.call('XADD', KEYS[1], '*', 'g', ARGV[1], 'q', ARGV[3], 'e', ARGV[4])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3] .. ':' .. ARGV[2])
return {'OK'}
