import Raster

/// The form of one head's hair as its light shows it, waves and braids too: soft, where a network of this size has hard
/// spots of its own, and light where there is none.
struct HairForm {
    private let grid: HairGrid
    /// `x` is lightness to be added to the flat colour, L*, and `y` how much a place is hair, 0…1.
    private let form: Bitmap

    /// Of the Gaussian that leaves the form alone, in units.
    private static let softness = 0.018
    /// Share of the photograph's contrast that is drawn, and how far the flat colour is changed for it, L*.
    private static let contrast: Float = 0.95, most: Float = 30
    /// Share of the network's own light and shade that stays, as accents.
    private static let accents = (light: Float(0.15), shade: Float(0.4))

    init(_ grid: HairGrid) {
        self.grid = grid
        let weight = grid.plane { grid.cover($0) }, sigma = Self.softness * Double(grid.unit)
        let hairy = grid.shape { grid.cover($0) > 0.6 }
        // Brightness is coded as pixels are, nearly as lightness is.
        let seen = grid.brightness.smoothed(within: weight, sigma: sigma)
        let drawn = grid.flat.smoothed(within: weight, sigma: sigma)
        let usual = (seen.values(in: hairy).median ?? 0, drawn.values(in: hairy).median ?? 0)
        let lift = grid.plane { index in
            let off = Self.contrast * (seen.values[index] - usual.0) - (drawn.values[index] - usual.1)
            return min(max(100 * off, -Self.most), Self.most) * weight.values[index]
        }
        form = Bitmap(
            width: grid.columns, height: grid.rows,
            pixels: lift.values.indices.map { SIMD4(lift.values[$0], weight.values[$0], 0, 0) })
    }

    func draw(into drawing: inout UndecidedDrawing) {
        let (grid, width) = (self.grid, drawing.width)
        form.withSampler(.clamp) { sample in
            drawing.changeAtOnce { flat, shade, light in
                parallelFor(grid.window.rows.count) { line in
                    let y = grid.window.rows.lowerBound + line
                    for x in grid.window.columns {
                        let place = grid.place(x, y), found = sample.bilinear(place.x, place.y), index = y * width + x
                        guard found.y > 0.01 else { continue }
                        func fade(_ map: SharedMutableBuffer<SIMD4<Float>>, _ kept: Float) {
                            let logit = map[index].w
                            map[index] *= 1 - (1 - kept) * found.y
                            map[index].w = logit
                        }
                        fade(light, Self.accents.light)
                        fade(shade, Self.accents.shade)
                        let line = flat[index].w
                        var lab = Lab.from(clamped01(flat[index]))
                        lab.x = max(lab.x + found.x, 0.4 * lab.x)
                        flat[index] = clamped01(Lab.toRGB(lab))
                        flat[index].w = line
                    }
                }
            }
        }
    }
}
