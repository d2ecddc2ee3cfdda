import time
from imr.examples import *
from imr.plain import to_plain
import json

t=time.perf_counter()
for s in range(5000): determination(s)
print(5000/(time.perf_counter()-t))
