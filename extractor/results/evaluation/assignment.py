"""The best one-to-one assignment: the maximum-weight matching of a bipartite graph.

Shortest augmenting paths with dual prices, O(n³) per connected component (the Hungarian method: Kuhn 1955, Munkres
1957; in this form Jonker and Volgenant 1987). Weights are whole numbers, so that no rounding decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

Edge = tuple[int, int]


def best_assignment(weights: Mapping[Edge, int]) -> list[Edge]:
    """The set of (row, column) edges of greatest total weight in which no row and no column stands twice, sorted.

    `weights` holds the edges that may be chosen, all above zero. An edge is chosen only if that raises the total: one
    strong edge is preferred to two weak ones that weigh less together.
    """
    return sorted(edge for component in _components(weights) for edge in _solve(component, weights))


def _components(weights: Mapping[Edge, int]) -> Iterator[set[Edge]]:
    """Edges that hang together. Items of an article form many small components, which keeps the cubic part cheap."""
    rows: dict[int, list[int]] = {}
    columns: dict[int, list[int]] = {}
    for row, column in weights:
        rows.setdefault(row, []).append(column)
        columns.setdefault(column, []).append(row)
    while rows:
        component: set[Edge] = set()
        waiting = {next(iter(rows))}
        while waiting:
            row = waiting.pop()
            for column in rows.pop(row):
                component.add((row, column))
                waiting.update(other for other in columns[column] if other in rows)
        yield component


def _solve(edges: set[Edge], weights: Mapping[Edge, int]) -> list[Edge]:
    rows = sorted({row for row, _ in edges})
    columns = sorted({column for _, column in edges})
    # One idle column per row: to leave a row unmatched costs nothing.
    cost = [[-weights.get((row, column), 0) for column in columns] + [0] * len(rows) for row in rows]
    chosen = zip(rows, _cheapest(cost), strict=True)
    pairs = [(row, columns[index]) for row, index in chosen if index < len(columns)]
    return [pair for pair in pairs if pair in edges]


def _cheapest(cost: list[list[int]]) -> list[int]:
    """The column of each row in the cheapest complete assignment. `cost` has at least as many columns as rows."""
    width = len(cost[0])
    owner: list[int | None] = [None] * width
    row_price = [0] * len(cost)
    column_price = [0] * width
    for start in range(len(cost)):
        # Dijkstra from `start` over reduced costs, to the nearest column that nobody owns.
        distance: list[int | None] = [None] * width
        came_from: list[int | None] = [None] * width
        settled: dict[int, int] = {}
        row, column, travelled = start, None, 0
        while True:
            for index in range(width):
                if index in settled:
                    continue
                reach = travelled + cost[row][index] - row_price[row] - column_price[index]
                known = distance[index]
                if known is None or reach < known:
                    distance[index], came_from[index] = reach, column
            travelled, column = min(
                (reach, i) for i, reach in enumerate(distance) if reach is not None and i not in settled
            )
            settled[column] = travelled
            taken = owner[column]
            if taken is None:
                break
            row = taken
        row_price[start] += travelled
        for index, reach in settled.items():
            column_price[index] += reach - travelled
            holder = owner[index]
            if holder is not None:
                row_price[holder] += travelled - reach
        while column is not None:
            previous = came_from[column]
            owner[column] = start if previous is None else owner[previous]
            column = previous
    return [owner.index(row) for row in range(len(cost))]
