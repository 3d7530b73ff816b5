-- Runs commands one after the other with nothing between them. ARGV: count, words, count, words …
-- KEYS[1] names the slot only: all keys share its hash tag. Answers what each one answered.
local at, said = 1, {}
while at <= #ARGV do
  local count = tonumber(ARGV[at])
  local reply = redis.call(unpack(ARGV, at + 1, at + count))
  said[#said + 1] = reply
  at = at + count + 1
end
return said
