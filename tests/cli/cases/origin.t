A run from a checkpoint. One that is complete has nothing to do.

  $ printf 'a,b,y\n' > t.csv; for i in 1 2 3 4 5 6 7 8 9; do printf "$i,1,x\n$i,2,z\n"; done >> t.csv
  $ alias run="runnel train --data t.csv --net 'affine 3, relu, affine' --iterations 40 --out m.st"
  $ run --checkpoint c --quiet > /dev/null
  $ run --resume c 2>&1 | grep resumed
  resumed  c: all 40 updates are done (more --iterations or --epochs make the run longer)

What the parameters began as belongs to the run: another beginning is refused, though it would be overwritten.

  $ run --init he --resume c --quiet 2>&1 | sed 's/digest [0-9a-f]*/digest .../g'
  runnel train: c: comes from a run with "origin digest ..., --init 'auto'", but this one has "origin digest ..., --init 'he'": resume with the settings of that run
  $ cp m.st base.st
  $ run --from base.st --checkpoint f --quiet > /dev/null
  $ runnel train --data t.csv --net 'affine 3, relu, affine' --iterations 40 --seed 9 --out base.st --quiet > /dev/null
  $ run --from base.st --resume f --quiet 2>&1 | sed 's/digest [0-9a-f]*/digest .../g'
  runnel train: f: comes from a run with "origin digest ..., --from base.st", but this one has "origin digest ..., --from base.st": resume with the settings of that run
  $ echo earlier > log; run --history /dev/stdout --quiet --iterations 2 >> log; head -n 2 log; tail -n 1 log | cut -c 1-2
  earlier
  iteration      loss   train %    test %
  2,
  $ run --loss-after-update --resume c --quiet
  runnel train: c: comes from a run with "loss-after-update no", but this one has "loss-after-update yes": resume with the settings of that run
  [2]
