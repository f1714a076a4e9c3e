"""Members who move: transfers, endangered branches, turnover, planning again."""
