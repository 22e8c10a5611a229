-- Everything that there is in the two schemas of a connection, one object in a line: tables with their columns and rules, indexes, and
-- what a database carries out by itself.
WITH own AS (SELECT oid, nspname FROM pg_namespace WHERE nspname = ANY (current_schemas(false)))
SELECT 'relation ' || c.relkind::text || c.relpersistence::text || ' ' || c.relname FROM pg_class c JOIN own ON own.oid = c.relnamespace WHERE c.relkind <> 'i'
UNION ALL
SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
    || coalesce(' collate ' || l.collname, '') || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN own ON own.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'rule ' || c.relname || ' ' || pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    JOIN own ON own.oid = c.relnamespace WHERE k.contype <> 'n'
UNION ALL
SELECT 'index ' || replace(pg_get_indexdef(i.indexrelid), own.nspname || '.', '') FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN own ON own.oid = c.relnamespace
UNION ALL
SELECT 'trigger ' || c.relname || ' ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN own ON own.oid = c.relnamespace
UNION ALL
SELECT 'rewrite ' || c.relname || ' ' || r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN own ON own.oid = c.relnamespace
UNION ALL
SELECT 'policy ' || c.relname || ' ' || p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN own ON own.oid = c.relnamespace
UNION ALL
SELECT 'function ' || f.proname FROM pg_proc f JOIN own ON own.oid = f.pronamespace
UNION ALL
SELECT 'inherits ' || c.relname FROM pg_inherits h JOIN pg_class c ON c.oid IN (h.inhrelid, h.inhparent) JOIN own ON own.oid = c.relnamespace
ORDER BY 1
