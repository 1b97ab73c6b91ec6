"""Everything DuckDB: the workspace, imports, and the statements from sources to cells."""
