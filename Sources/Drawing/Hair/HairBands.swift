import Raster

/// Bands of light and dark in black and in grey hair, in three tones: braids, curls and strands, which a network of
/// this size draws as one shape. Brown and fair hair has strands (`HairStrands`).
struct HairBands {
    private let grid: HairGrid
    /// Lightness to be added, L*.
    private let bands: Plane

    /// Within how many units around a place its hair is as light as is usual there.
    private static let around = 0.25
    /// By how much a band is lighter or darker than that in the photograph, as it is drawn, and how sharp its border
    /// is; L*.
    private static let band: Float = 3.5, drawn: Float = 5, sharpness: Float = 1.2

    /// Saturation of hair that is not grey, and of grey hair.
    private static let grey = (not: Float(0.34), wholly: Float(0.22))

    /// How grey hair is, 0…1.
    static func greyness(of grid: HairGrid) -> Float {
        let usual = grid.saturation.values(in: HairStrands.hairy(grid)).median ?? 1
        return smoothstep(grey.not, grey.wholly, usual)
    }

    /// - Parameter share: 0…1 of it.
    init(_ grid: HairGrid, share: Float) {
        self.grid = grid
        let cover = grid.plane { grid.cover($0) }
        // Brightness is coded as pixels are, nearly as lightness is.
        let usual = grid.brightness.smoothed(within: cover, sigma: Self.around * Double(grid.unit))
        bands = grid.plane { index in
            let off = 100 * (grid.brightness.values[index] - usual.values[index])
            func beyond(_ border: Float) -> Float { smoothstep(border - Self.sharpness, border + Self.sharpness, off) }
            return Self.drawn * (beyond(Self.band) + beyond(-Self.band) - 1) * cover.values[index] * share
        }
    }

    func draw(into drawing: inout UndecidedDrawing) {
        let (grid, values) = (self.grid, bands)
        let lifted = Bitmap(
            width: values.width, height: values.height, pixels: values.values.map { SIMD4($0, 0, 0, 0) })
        lifted.withSampler(.clamp) { sample in
            drawing.flat.forEachRow { y, row in
                guard grid.window.rows.contains(y) else { return }
                for x in grid.window.columns {
                    let place = grid.place(x, y), lift = sample.bilinear(place.x, place.y).x
                    guard abs(lift) > 0.2 else { continue }
                    let line = row[x].w
                    var lab = Lab.from(clamped01(row[x]))
                    lab.x = max(lab.x + lift, 0.5 * lab.x)
                    row[x] = clamped01(Lab.toRGB(lab))
                    row[x].w = line
                }
            }
        }
    }
}
