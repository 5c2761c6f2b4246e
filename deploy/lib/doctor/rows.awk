# Reads JSON; of a top-level list of objects it prints the wanted fields of each, a line each, separated by tabs:
#   awk -v list=users -v wanted='name tags' -f rows.awk
# It refuses to be a whole reader of JSON: fields that are lists or objects themselves are passed over.
#
# Cut at quotation marks, every second piece is the inside of a string; the pieces between hold structure, numbers and words.
BEGIN { RS = "\""; count = split(wanted, names, " ") }

inside {
  # An odd number of backslashes at the end: the quotation mark belongs to the string.
  match($0, /\\*$/)
  text = text $0
  if (RLENGTH % 2) { text = text "\""; next }
  inside = 0
  gsub(/\\"/, "\"", text); gsub(/\\\//, "/", text); gsub(/\\\\/, "\\", text)
  value = text; have = 1
  next
}

{
  length_of = length($0)
  for (i = 1; i <= length_of; i++) {
    character = substr($0, i, 1)
    if (character == ":") { key[depth] = value; have = 0; word = "" }
    else if (character == "{" || character == "[") { open(); if (depth == 3 && key[1] == list) delete field }
    else if (character == "}" || character == "]") { keep(); if (depth == 3 && key[1] == list && character == "}") print_row(); depth--; have = 0 }
    else if (character == ",") { keep() }
    else if (character ~ /[-+.0-9a-zA-Z]/) { word = word character; value = word; have = 1 }
  }
  inside = 1; text = ""
}

function open() { depth++; have = 0; word = "" }
function keep() { if (have && depth == 3 && key[1] == list) field[key[3]] = value; have = 0; word = "" }
function print_row(   n, line) {
  for (n = 1; n <= count; n++) line = line (n > 1 ? "\t" : "") field[names[n]]
  print line
}
