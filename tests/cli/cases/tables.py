"""Writes the tables of table.t: flowers in two colours, prices with gaps."""
import random

r = random.Random(1)
with open("flowers.csv", "w") as f:
    f.write("length,width,colour,kind\n")
    for i in range(200):
        kind = i % 2
        f.write("%.1f,%.1f,%s,%s\n" % (r.gauss(3 + 3 * kind, 0.5), r.gauss(6 - 3 * kind, 0.5),
                                       r.choice(["red", "white"]), ["lily", "rose"][kind]))
with open("other.csv", "w") as f:
    f.write("kind,colour,width,length\nrose,red,3,6\nlily,white,6,3\n")
with open("prices.tsv", "w") as f:
    f.write("\trooms\tplace\tprice\n")
    for i in range(150):
        rooms = r.randint(1, 9)
        place = r.choice(["town", "hill"])
        gap = "" if i % 10 == 9 else str(rooms)
        f.write("%d\t%s\t%s\t%.2f\n" % (i, gap, place, 1000 * rooms + (5000 if place == "town" else 0) + r.gauss(0, 99)))
with open("yes.csv", "w") as f:
    f.write("x,y\n" + "".join("%d,%d\n" % (i, i > 20) for i in range(1, 41)))
