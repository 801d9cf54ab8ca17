"""20,000 signed-in families claim the 500 places of one group at once, over HTTP: losers wait for no lock."""

import claiming

claiming.run("hot_group", groups=1)
