"""Pictures in pieces: brush strokes, Voronoi cells, superpixels and triangles on jittered grids.

A grid of G x G cells has one seed a cell. Each pixel looks at the seeds of its own cell and the eight around it, so
that no control flow and no sorting is needed. What depends on no input is folded into constants when the graph is
loaded.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .flow import Flow
from .operations import SIZE, Places, blocks, columns, gaussian, looked_up, rows, shifted, slopes
from .texture import wrapped_gaussian

MOST = 64
"""Strokes a side whose places are kept; where there are more they repeat."""
AROUND = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]


def jitter(seed: int, count: int, amount: float) -> Tensor:
    """[2, count, count] offsets within +-amount / 2 cells."""
    return (torch.rand(2, count, count, generator=torch.Generator().manual_seed(seed)) - 0.5) * amount


def numbered(count: int) -> Tensor:
    """Numbers of the cells of a grid, row by row."""
    return torch.arange(count * count).float().reshape(1, 1, count, count)


def outside(x: Tensor, value: float) -> Tensor:
    """A grid [1, C, G, G] with a border of one cell of `value`."""
    return F.pad(x, (1, 1, 1, 1), value=value)


def neighbour(bordered: Tensor, down: int, right: int, cell: int) -> Tensor:
    """For each pixel, the value of the cell that lies (down, right) of its own, from a grid with a border."""
    height, width = bordered.shape[2] - 2, bordered.shape[3] - 2
    return blocks(bordered[:, :, 1 + down : 1 + down + height, 1 + right : 1 + right + width], cell)


class Strokes(nn.Module):
    """One layer of brush strokes after Haeberli (1990): seeds on a jittered grid of `cell` pixels, drawn in a random
    order, `long` and `wide` pixels from the middle to the edge, turned along the form.

    Answers `colours` [1, 3, 512, 512], `covered` (0..1) and `height` (0..1, the paint's, for light from a side)."""

    offset: Tensor
    order: Tensor
    streaks: Tensor

    def __init__(self, seed: int, cell: int, long: float, wide: float) -> None:
        super().__init__()
        self.cell, self.long, self.wide = cell, long, wide
        count = min(SIZE // cell, MOST)
        self.tiles = SIZE // cell // count
        generator = torch.Generator().manual_seed(seed)
        self.register_buffer("offset", jitter(seed, count, 0.9)[None].half().float())
        order = (torch.randperm(count * count, generator=generator) + 1).reshape(1, 1, count, count)
        self.register_buffer("order", (order / (count * count)).half().float())
        streaks = wrapped_gaussian(torch.randn(64, 64, generator=generator), 0.7, 9.0)
        self.register_buffer("streaks", streaks[None, None].half().float())

    def forward(self, image: Tensor, flow: Flow, wanted: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """`wanted`: a plane; strokes are drawn where it is above .5 at their seed."""
        cell, count = self.cell, SIZE // self.cell
        middle = (torch.arange(count).float() + 0.5) * cell - 0.5
        tiles = (1, 1, self.tiles, self.tiles)
        offset, drawn = (x.repeat(tiles) if self.tiles > 1 else x for x in (self.offset, self.order))
        row = middle.reshape(1, 1, count, 1) + offset[:, :1] * cell
        column = middle.reshape(1, 1, 1, count) + offset[:, 1:] * cell
        tangent = looked_up(torch.cat([flow.right, flow.down], 1), row, column)
        place = outside(torch.cat([row, column], 1), -9999.0)
        turn = outside(tangent, 0.0)
        order = drawn
        if wanted is not None:
            order = order * (looked_up(wanted, row, column) > 0.5).float()
        order = outside(order, 0.0)
        number = outside(numbered(count) + 0 * drawn, 0.0)
        best = blocks(0 * drawn, cell)
        chosen, u, v = best, best, best
        for down, right in AROUND:
            to = neighbour(place, down, right, cell)
            direction = neighbour(turn, down, right, cell)
            y, x = rows() - to[:, :1], columns() - to[:, 1:]
            along = (x * direction[:, :1] + y * direction[:, 1:]) * (1 / self.long)
            across = (y * direction[:, :1] - x * direction[:, 1:]) * (1 / self.wide)
            square = along * along
            inside = (square * square + across * across < 1).float()
            score = inside * neighbour(order, down, right, cell)
            better = (score > best).float()
            best = torch.maximum(best, score)
            chosen = chosen + (neighbour(number, down, right, cell) - chosen) * better
            u, v = u + (along - u) * better, v + (across - v) * better
        colours = looked_up(image, row, column)
        painted = looked_up(colours.reshape(1, 3, 1, count * count), 0 * chosen, chosen)
        line = v * (self.wide * 1.6) + chosen * 7
        streak = looked_up(self.streaks, line - torch.floor(line / 63) * 63, (u * self.long * 0.5 + 32))
        height = (1 - v * v) * (0.6 + 0.2 * u) + 0.16 * streak
        return painted, (best > 0).float(), height


def lit(height: Tensor, strength: float) -> Tensor:
    """Light on a relief from the upper left, about 0, -1..1."""
    x, y = slopes(height)
    return ((x + y * 1.4) * strength).clamp(-1, 1)


class Voronoi(Places):
    """Cells around jittered seeds, smaller towards the middle where the face is; fixed, so free of cost when run.

    `count` cells a side, `gather`: how much denser the middle is. `number`: cell of each pixel; `gap`: pixels to the
    border of the cell, about."""

    offset: Tensor

    def __init__(self, seed: int, count: int, gather: float, amount: float = 0.8) -> None:
        super().__init__()
        self.count, self.gather = count, gather
        self.register_buffer("offset", jitter(seed, count, amount)[None].half().float())

    def to_grid(self, pixel: Tensor) -> Tensor:
        s = (pixel + 0.5) * (2 / SIZE) - 1
        return (0.5 + 0.5 * s * (1 + self.gather) / (1 + self.gather * s.abs())) * self.count

    def to_pixel(self, cell: Tensor) -> Tensor:
        s = cell * (2 / self.count) - 1
        return (s / (1 + self.gather - self.gather * s.abs()) + 1) * (SIZE / 2) - 0.5

    def seeds(self) -> tuple[Tensor, Tensor]:
        """Rows and columns [1, 1, count, count] in pixels."""
        middle = torch.arange(self.count).float() + 0.5
        row = self.to_pixel(middle.reshape(1, 1, -1, 1) + self.offset[:, :1])
        column = self.to_pixel(middle.reshape(1, 1, 1, -1) + self.offset[:, 1:])
        return row, column

    def cells_around(self) -> list[Tensor]:
        """For each of nine neighbours, its number for each pixel, float; repeated at the border."""
        last = self.count - 1
        row, column = torch.floor(self.to_grid(self.row)), torch.floor(self.to_grid(self.column))
        return [(row + a).clamp(0, last) * self.count + (column + b).clamp(0, last) for a, b in AROUND]

    def of_cells(self, values: Tensor, number: Tensor) -> Tensor:
        """Values [1, C, count, count] of the numbered cell of each pixel."""
        return looked_up(values.reshape(1, values.shape[1], 1, -1), 0 * number, number)

    def forward(self) -> tuple[Tensor, Tensor]:
        row, column = self.seeds()
        places = torch.cat([row, column], 1)
        first = 0 * (self.row + self.column) + 1e6
        second, chosen = first, 0 * first
        for number in self.cells_around():
            to = self.of_cells(places, number)
            y, x = self.row - to[:, :1], self.column - to[:, 1:]
            distance = torch.sqrt(y * y + x * x)
            other = (number != chosen).float()
            second = torch.minimum(
                second, torch.maximum(first, distance) + 1e6 * (1 - other) * (distance >= first).float()
            )
            chosen = chosen + (number - chosen) * (distance < first).float()
            first = torch.minimum(first, distance)
        return chosen, (second - first) * 0.5


class Superpixels(Voronoi):
    """Cells that follow the picture: one assignment of SLIC (Achanta et al. 2012), by place and by colour."""

    def assigned(self, image: Tensor, smooth: Tensor, weight: float) -> tuple[Tensor, Tensor]:
        """Number of each pixel's cell, and colours [1, 3, count, count] of the seeds. `smooth`: what the seeds take
        their colours from; `weight`: how much a difference of colour counts against one of place in cells."""
        row, column = self.seeds()
        colours = looked_up(smooth, row, column)
        places = torch.cat([self.to_grid(row), self.to_grid(column)], 1)
        at_row, at_column = self.to_grid(self.row), self.to_grid(self.column)
        chosen = 0 * (self.row + self.column)
        best = chosen + 1e6
        for number in self.cells_around():
            to = self.of_cells(places, number)
            far = (at_row - to[:, :1]) ** 2 + (at_column - to[:, 1:]) ** 2
            change = image - self.of_cells(colours, number)
            cost = far + weight * (change * change).sum(1, keepdim=True)
            better = (cost < best).float()
            chosen = chosen + (number - chosen) * better
            best = torch.minimum(best, cost)
        return chosen, colours


def borders(number: Tensor) -> Tensor:
    """1 where a pixel's number is not that of the pixel to the right or below."""
    across = (number - shifted(number, 0, -1)).abs() + (number - shifted(number, -1, 0)).abs()
    return (across > 0.5).float()


class Triangles(Places):
    """Triangles on a grid of `cell` pixels whose corners move onto edges of the picture."""

    offset: Tensor

    def __init__(self, seed: int, cell: int, amount: float = 0.3) -> None:
        super().__init__()
        self.cell, self.count = cell, SIZE // cell
        self.register_buffer("offset", jitter(seed, self.count + 1, amount)[None].half().float())

    def corners(self, edge: Tensor | None) -> tuple[Tensor, Tensor]:
        """Rows and columns [1, 1, count + 1, count + 1]; `edge`: strength of edges, a plane, or nothing, for corners
        that stay where they are, which costs nothing when run."""
        cell = self.cell
        base = torch.arange(self.count + 1).float() * cell
        row = base.reshape(1, 1, -1, 1) + self.offset[:, :1] * cell
        column = base.reshape(1, 1, 1, -1) + self.offset[:, 1:] * cell
        if edge is None:
            down, right = 0 * row, 0 * column
        else:
            near = edge + 1e-5
            placed = gaussian(torch.cat([near, near * (rows() / SIZE), near * (columns() / SIZE)], 1), cell * 0.33)
            found = looked_up(placed, row, column)
            limit = 0.42 * cell
            down = (found[:, 1:2] / found[:, :1] * SIZE - row).clamp(-limit, limit)
            right = (found[:, 2:] / found[:, :1] * SIZE - column).clamp(-limit, limit)
        inner = F.pad(torch.ones(1, 1, self.count - 1, self.count - 1), (1, 1, 1, 1))
        row = (base.reshape(1, 1, -1, 1) - 0.5) + (row + down - base.reshape(1, 1, -1, 1) + 0.5) * inner
        column = (base.reshape(1, 1, 1, -1) - 0.5) + (column + right - base.reshape(1, 1, 1, -1) + 0.5) * inner
        return row, column

    def forward(self, edge: Tensor | None, image: Tensor) -> Tensor:
        """The picture in flat triangles, each with the values of `image` [1, C, 512, 512] at its middle."""
        count, cell = self.count, self.cell
        row, column = self.corners(edge)
        parity = ((torch.arange(count).reshape(-1, 1) + torch.arange(count)) % 2).float().reshape(1, 1, count, count)

        def quad(x: Tensor) -> list[Tensor]:
            turn = [x[:, :, :-1, :-1], x[:, :, :-1, 1:], x[:, :, 1:, 1:], x[:, :, 1:, :-1]]
            return [turn[k] + (turn[(k + 1) % 4] - turn[k]) * parity for k in range(4)]

        y, x = quad(row), quad(column)
        forms = []
        for a, b in ((0, 1), (1, 2), (2, 0), (2, 3), (3, 0)):
            right, down = x[b] - x[a], y[b] - y[a]
            long = torch.rsqrt(right * right + down * down + 1e-6)
            forms += [right * long, -down * long, (down * x[a] - right * y[a]) * long]
        lines = outside(torch.cat(forms, 1), 0.0)
        none = 0 * self.offset[:, :1, 1:, 1:]
        exists = outside(none, -99.0)
        number = outside(numbered(count) + none, 0.0)
        chosen = 0 * (self.row + self.column)
        best = chosen - 50
        for down, right in AROUND:
            form = neighbour(lines, down, right, cell)
            edges = [
                form[:, 3 * k : 3 * k + 1] * self.row
                + form[:, 3 * k + 1 : 3 * k + 2] * self.column
                + form[:, 3 * k + 2 : 3 * k + 3]
                for k in range(5)
            ]
            there = neighbour(exists, down, right, cell)
            one = torch.minimum(torch.minimum(edges[0], edges[1]), edges[2]) + there
            other = torch.minimum(torch.minimum(edges[3], edges[4]), -edges[2]) + there
            inside = torch.maximum(one, other)
            better = (inside > best).float()
            which = neighbour(number, down, right, cell) * 2 + (other > one).float()
            chosen = chosen + (which - chosen) * better
            best = torch.maximum(best, inside)
        first = looked_up(image, (y[0] + y[1] + y[2]) / 3, (x[0] + x[1] + x[2]) / 3)
        second = looked_up(image, (y[0] + y[2] + y[3]) / 3, (x[0] + x[2] + x[3]) / 3)
        channels = image.shape[1]
        table = torch.stack([first.reshape(1, channels, -1), second.reshape(1, channels, -1)], 3).reshape(
            1, channels, 1, -1
        )
        return looked_up(table, 0 * chosen, chosen)
