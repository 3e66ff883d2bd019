-- What wrk sends: wrk … -s requests.lua URL -- ROW TOKEN ISSUES STATUS_PREFIX LABEL_PREFIX PROJECT_PREFIX WRITES
-- ROW is r1 to r6 of docs/performance.md; ISSUES the number of issues at first; the prefixes are ids without their last digits; WRITES how many
-- changes of a status earlier runs have made, so that each one changes something. Its last line is JSON.
local statuses = { "Backlog", "To%20Do", "In%20Progress", "In%20Review", "Done" }
local priorities = { "none", "low", "medium", "high", "urgent" }
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

local function get_one()
  return wrk.format("GET", "/api/v1/issues/" .. math.random(1, issues))
end

local function list()
  return wrk.format("GET", "/api/v1/issues?limit=50&q=status:%22" .. statuses[math.random(1, 5)] .. "%22%20priority:" ..
    priorities[math.random(1, 5)] .. "%20sort:-updated")
end

local function search()
  return wrk.format("GET", "/api/v1/search?limit=20&q=quar" .. string.char(97 + math.random(0, 15), 97 + math.random(0, 18)) .. "ton")
end

local text = string.rep("The page waits for the index, and the list is drawn before it is sorted. ", 8)

local function create()
  local first = math.random(0, 28)
  return wrk.format("POST", nil, nil, string.format(
    '{"title":"Made by a benchmark %d","description":"%s","priority":"HIGH","projectId":"%s%02x","labelIds":["%s%02x","%s%02x"]}',
    math.random(1, 1000000), text, project_prefix, math.random(0, 19), label_prefix, first, label_prefix, first + 1))
end

-- The issues with odd numbers, one after the other in a scattered order, and each time round to the next status. pgbench takes the even ones.
local function change_status()
  local half = math.floor(issues / 2)
  local number = 2 * (writes * 7919 % half) + 1
  local status = (math.floor(number / 2) + 1 + math.floor(writes / half)) % 5
  writes = writes + 1
  return wrk.format("PATCH", "/api/v1/issues/" .. number, nil, string.format('{"statusId":"%s%x"}', status_prefix, status))
end

local function mix()
  local chance = math.random(1, 100)
  if chance <= 50 then return get_one() end
  if chance <= 85 then return list() end
  if chance <= 90 then return search() end
  if chance <= 95 then return create() end
  return change_status()
end

function init(given)
  issues, status_prefix, label_prefix, project_prefix = tonumber(given[3]), given[4], given[5], given[6]
  writes = tonumber(given[7])
  math.randomseed(1 + writes)
  wrk.headers["Authorization"] = "Bearer " .. given[2]
  wrk.headers["Content-Type"] = "application/json"
  wrk.path = "/api/v1/issues"
  request = ({ r1 = get_one, r2 = list, r3 = search, r4 = create, r5 = change_status, r6 = mix })[given[1]]
end

function done(summary, latency)
  local errors = summary.errors
  local writes_made = 0
  for _, thread in ipairs(threads) do writes_made = writes_made + thread:get("writes") end
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.6f,"bytes":%d,"p50":%.3f,"p99":%.3f,"refused":%d,"broken":%d,"writes":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout, writes_made))
end
