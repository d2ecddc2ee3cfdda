import cProfile,pstats
from imr.examples import determination
for s in range(300): determination(s)
p=cProfile.Profile(); p.enable()
for s in range(3000): determination(s)
p.disable(); pstats.Stats(p).sort_stats("tottime").print_stats(14)
