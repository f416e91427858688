Tables as Excel and other spreadsheets write them.

A first line may state the separator.

  $ printf 'sep=;\r\na;b,c;d\r\n1;2;2\r\n3;4;4\r\n5;7;7\r\n' > stated.csv
  $ runnel train --data stated.csv --iterations 10 --out stated.st --history none 2>&1 | head -2
  table    semicolon between cells, a header: 2 columns of numbers, 0 of text, 2 inputs
  target   d: a number to predict
  $ runnel predict stated.st stated.csv | cut -d ';' -f 1-3
  a;b,c;d
  1;2;2
  3;4;4
  5;7;7
  $ printf '"sep=|"\n1|2\n' | runnel predict stated.st - | cut -d '|' -f 1-2
  1|2
  $ printf 'sep=:\na:b\n' | runnel predict stated.st -
  runnel predict: standard input, line 1: sep= states that ':' separates cells, expected one of , ; tab |
  [1]
  $ printf 'sep=;\n1;2\n1;2;3\n' | runnel data -
  runnel data: standard input, line 3: found 3 cells, expected 2 as in line 2
  [1]
