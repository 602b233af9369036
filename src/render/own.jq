def syncro_cell(text):
  if . == null then "" elif isstring then text
  elif isarray or isobject then error("cannot be written in a cell: \(tojson)") else tojson end;
def syncro_row(text; between):
  if isarray then [.[] | syncro_cell(text)] | join(between)
  else error("cannot be written as a row: \(tojson)") end;
def syncro_swap($old; $new): split($old) | join($new);
def @csv: syncro_row("\"" + syncro_swap("\""; "\"\"") + "\""; ",");
def @tsv: syncro_row(
  syncro_swap("\\"; "\\\\") | syncro_swap("\t"; "\\t") | syncro_swap("\n"; "\\n")
  | syncro_swap("\r"; "\\r"); "\t");
def halt_error(code): error;
def halt_error: error;
