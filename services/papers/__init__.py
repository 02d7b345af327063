"""Papers: pick lists, sheets per point, slips, labels and rosters as plain tables, for the printer and as workbooks."""
