"""Charts, drawn on the server: `charts.line(title=…, series=[…], says=…)`. No frame, a hairline grid, a link behind each point."""

from reports.charts.bars import bars
from reports.charts.chart import Chart
from reports.charts.columns import columns
from reports.charts.funnel import funnel
from reports.charts.heat import heat
from reports.charts.lines import line
from reports.charts.points import Point, Series

__all__ = ["Chart", "Point", "Series", "bars", "columns", "funnel", "heat", "line"]
