"""20,000 signed-in families claim 500 places in 50 groups at once, over HTTP."""

import claiming

claiming.run("claims", groups=50)
