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
  runnel train: show-augmented: .*no/such/folder.png.* (re)
  [1]
