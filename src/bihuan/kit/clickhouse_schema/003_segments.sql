-- Who is or was a member of a segment: the row with the highest version counts.
CREATE TABLE IF NOT EXISTS segment_member (
  segment_id  UUID,
  customer_id UUID,
  version     UInt32,
  present     Bool
) ENGINE = ReplacingMergeTree(version)
ORDER BY (segment_id, customer_id);
