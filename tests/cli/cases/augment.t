A sheet to look at: pictures as they are, and what augmentation makes of them. Nothing is trained then.

  $ runnel train --data strokes --limit 100 --augment "shift 2, elastic 34 4" --show-augmented sheet.png
  saved    sheet.png: 10 pictures as they are, and beside each 15 that training could see
  $ ls
  sheet.png
  $ runnel train --data strokes --limit 100 --augment "shift 2, elastic 34 4" --show-augmented again.png --quiet
  $ runnel train --data strokes --limit 100 --recipe simard --seed 2 --show-augmented other.png --quiet
  $ cmp sheet.png again.png
  $ cmp sheet.png other.png | cut -d, -f1
  sheet.png other.png differ: .* (re)
  $ runnel train --data strokes --limit 5 --augment "shift 2" --show-augmented no/such/folder.png
  runnel train: --show-augmented no/such/folder.png: the folder does not exist
  [1]

A sheet, a model or a history among the pictures of the data would spoil them; beside the classes' folders it does not.

  $ mkdir -p pics/a pics/b; cp sheet.png pics/a/0.png; cp again.png pics/b/0.png
  $ alias pics="runnel train --data pics --size 8x8 --iterations 1 --quiet"
  $ pics --augment "shift 2" --show-augmented pics/a/0.png
  runnel train: --show-augmented pics/a/0.png: it lies among the files of --data pics
  [2]
  $ pics --augment "shift 2" --show-augmented pics/b/1.png
  runnel train: --show-augmented pics/b/1.png: it lies among the files of --data pics
  [2]
  $ pics --out pics/a/0.png
  runnel train: --out pics/a/0.png: it lies among the files of --data pics
  [2]
  $ pics --out ./pics/../pics//a/m.st
  runnel train: --out ./pics/../pics//a/m.st: it lies among the files of --data pics
  [2]
  $ pics --out pics/m.st > /dev/null
  $ runnel data pics --sheet pics/a/0.png --size 8x8
  runnel data: --sheet pics/a/0.png: it lies among the files of DATA pics
  [2]
  $ runnel data pics --sheet pics/m.st --size 8x8
  runnel data: --sheet pics/m.st: the file is there and is no PNG picture, so it is not replaced
  [1]
  $ runnel data pics --sheet sheet.png --size 8x8 > /dev/null
  $ ls pics pics/a pics/b
  pics:
  a
  b
  m.st
  m.st.history.csv
  
  pics/a:
  0.png
  
  pics/b:
  0.png
