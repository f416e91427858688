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

A decimal comma, where no comma separates; a percent sign behind each number. The model keeps both; answers have the comma.

  $ printf 'price;amount;rate;y\n3,14;1.234,5;12,5 %%;1,5\n2,288;7;3%%;2,5\n10;3,5;7%%;4\n' > commas.csv
  $ runnel train --data commas.csv --iterations 5 --out commas.st --history none 2>&1 | head -4
  table    semicolon between cells, a header: 3 columns of numbers, 0 of text, 3 inputs
           numbers with a comma for the decimal sign: price, amount, rate, y
           numbers before a percent sign: rate
  target   y: a number to predict
  $ runnel eval commas.st | grep samples
  these are the samples that it was trained on: no others were set aside
  commas.st on commas.csv
  samples   3
  $ runnel predict commas.st commas.csv
  price;amount;rate;y;value
  3,14;1.234,5;12,5 %;1,5;1,\d+ (re)
  2,288;7;3%;2,5;2,\d+ (re)
  10;3,5;7%;4;4,\d+ (re)
  $ runnel inspect commas.st | grep ' number '
    1 price                     0   number with a decimal comma
    2 amount                    1   number with a decimal comma
    3 rate                      2   number in percent with a decimal comma
  $ runnel data commas.csv | grep -e price -e rate
  price                              2.288          10      5.1427      3.4522
  rate                                   3        12.5         7.5      3.8944
  $ runnel export commas.st --name commas > /dev/null; grep rate commas.h
   *     x[2]  rate in percent
  $ printf 'price;amount;rate\n1.5;1;1%%\n' | runnel predict commas.st - | tail -1
  runnel predict: standard input, line 2, column 1 (price): found '1.5', expected a number with a comma for the decimal sign, and without a point
  price;amount;rate;value
  $ printf 'price;amount;rate\n1.234;1;1%%\n' | runnel predict commas.st - | tail -1
  runnel predict: standard input, line 2, column 1 (price): found '1.234', expected a number with a comma for the decimal sign, and without a point
  price;amount;rate;value
  $ printf 'price;amount;rate\n1,5;1;1\n' | runnel predict commas.st - | tail -1
  runnel predict: standard input, line 2, column 3 (rate): found '1', expected a number with a percent sign
  price;amount;rate;value

What could be either is refused, and --decimal says it; so are commas in a table that they separate.

  $ printf 'a;b\n2,288;1\n3,5;2\n1.5;1\n' > mixed.csv
  $ runnel train --data mixed.csv
  runnel train: mixed.csv, line 2, column 1 (a): found '2,288', expected a number without a comma: 2288 if it separates thousands, 2.288 if it is the decimal sign
  --decimal comma reads the comma as the decimal sign
  [1]
  $ printf 'a;b\n2,288;1\n' > unclear.csv
  $ runnel train --data unclear.csv
  runnel train: unclear.csv, line 2, column 1 (a): found '2,288', expected a number without a comma: 2288 if it separates thousands, 2.288 if it is the decimal sign
  --decimal comma reads the comma as the decimal sign
  [1]
  $ runnel data unclear.csv --decimal comma | grep ^a
  a                                  2.288       2.288       2.288           0  constant
  $ runnel train --data unclear.csv --decimal comma 2>&1 | sed -n 2p
           numbers with a comma for the decimal sign: a, b
  $ printf 'a,b\n"2,2",1\n' | runnel train --data -
  runnel train: standard input, line 2, column 1 (a): found '2,2', expected a number with a point for the decimal sign: 2.2
  --decimal comma reads the comma as the decimal sign
  [1]
  $ printf 'a,b\n"2,2",1\n' | runnel data - --decimal comma | grep ^a
  a                                    2.2         2.2         2.2           0  constant
  $ printf 'a;b\n2,2;1\n2;2\n' | runnel train --data - --decimal point
  runnel train: standard input, line 2, column 1 (a): found '2,2', expected a number with a point for the decimal sign: 2.2
  --decimal comma reads the comma as the decimal sign
  [1]
  $ printf 'a;b\n1%%;1\n2;2\n' | runnel train --data -
  runnel train: standard input, line 2, column 1 (a): found '1%', expected a number without a percent sign, as most cells of this column are
  --text takes a column as texts, --drop leaves it out
  [1]

Classes that are numbers with a comma are told apart by value.

  $ printf 'a;b\n1;1,0\n2;2,0\n3;1\n4;2\n5;1,0\n6;2,0\n' > classes.csv
  $ runnel train --data classes.csv --iterations 5 --out classes.st --history none 2>&1 | sed -n 3p
  target   b: 2 classes: 1, 2
  $ printf 'a;b\n1;2,00\n' > more.csv; runnel eval classes.st --data more.csv | grep samples
  classes.st on more.csv
  samples   1

A column without any value is left out, and may hold what it likes later; a target is not.

  $ { printf 'a,gap,b,y,\n'; for i in 1 2 3 4 5 6; do echo "$i,,NA,$i,"; done; } > gaps.csv
  $ runnel train --data gaps.csv --iterations 5 --out gaps.st --history none 2>&1 | head -4
  table    comma between cells, a header: 1 column of numbers, 0 of text, 1 input
           left out, as no row has a value in it: gap, b, column 5
  target   y: a number to predict
  prepared standard: inputs get mean 0 and variance 1 over the training part
  $ runnel train --data gaps.csv --missing mean --iterations 5 --out gaps.st --history none 2>&1 | sed -n 2,3p
           left out, as no row has a value in it: gap, b, column 5
  target   y: a number to predict
  $ printf 'a,gap,b,y\n3,x,7,\n' | runnel predict gaps.st - | cut -d , -f 1-4
  a,gap,b,y
  3,x,7,
  $ printf '1,2,\n2,4,\n3,6,\n' | runnel train --data - --iterations 5 --out none 2>&1 | head -3
  table    comma between cells, no header: 1 column of numbers, 0 of text, 1 input
           left out, as no row has a value in it: column 3
  target   column 2: a number to predict
  $ printf 'a,b,y\n1,2,\n2,3,\n' | runnel train --data -
  runnel train: standard input: the last column, "y", would be the target, and has no value in any row
  --target names another column
  [1]
  $ printf 'a,b,y\n1,,2\n2,,3\n' | runnel train --data - --target b
  runnel train: standard input: column 2 is the target, and has no value in any row
  --target names another column
  [1]
  $ printf 'a,b,y\n1,2,3\n2,,3\n3,,3\n4,,3\n5,,3\n' > rare.csv
  $ for s in 1 2 3 4 5 6 7 8; do runnel train --data rare.csv --missing mean --test-share 0.4 --split-seed $s --iterations 5 --out none --quiet 2>&1; done | grep missing | uniq
  runnel train: all cells of column 2 (b) are missing in the training part, so that it has no mean: it should be left out
  $ { echo a,b,y; for i in $(seq 1100); do echo "$i,,$i"; done; echo 5,late,5; } | runnel train --data - --missing mean --iterations 5 --out none 2>&1 | head -2
  table    comma between cells, a header: 1 column of numbers, 1 of text, 2 inputs
  target   y: a number to predict
