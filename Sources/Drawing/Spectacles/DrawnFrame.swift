import Raster

extension Spectacles {
    /// By how much blur and the threshold widen what is dark, and how wide a drawn frame is, in units.
    private static let widened = 0.026, drawnWidth = 0.020...0.08
    /// Width of a part that the photograph hardly shows, over that of one which it does.
    private static let faintWidth = 0.6
    /// Width of a frame that is hardly darker than the skin, over that of a dark one.
    private static let paleWidth = 0.6
    /// By how much a line's logit falls for each pixel from its border, and where it changes no more.
    private static let steepness: Float = 3, most: Float = 9
    /// Reach about a frame, in pixels, in which its logit has to go on falling so that it is enlarged evenly.
    private static let margin = 4.0
    /// Reach about it, in units, in which the network's broken lines would double it.
    private static let beside = 0.05
    /// Lightness of the darkest colour that a frame is drawn in, over the skin's, before it is inked.
    private static let lightest: Float = 0.62

    /// Draws what is missing into a drawing of the photograph, and keeps what the network had drawn.
    func draw(into drawing: inout UndecidedDrawing) {
        drawn?.restore(in: &drawing)
        let larger = 1 / scale
        guard !missing.isEmpty,
            let window = CoverageWindow(
                width: drawing.width, height: drawing.height, around: missing.flatMap(\.line).map { $0 * larger },
                margin: 0.15 * region.unit * larger)
        else { return }
        draw(depth(of: missing, in: window), in: window, into: &drawing)
    }

    /// How far within the parts each pixel lies, in pixels of the drawing.
    private func depth(of parts: [FramePart], in window: CoverageWindow) -> [Float] {
        let (unit, larger) = (region.unit, 1 / scale)
        let usual = parts.flatMap(\.width).map(Float.init).median.map(Double.init) ?? 0
        let clear = parts.flatMap { $0.darkest(region.darkness, within: 0, region) }.median.map(Double.init) ?? 0
        // Pale frames are hinted at.
        let share = Self.paleWidth + (1 - Self.paleWidth) * smooth(8, 30, clear)
        let whole = min(
            max(share * (usual - Self.widened * unit), Self.drawnWidth.lowerBound * unit),
            Self.drawnWidth.upperBound * unit)
        var depth = [Float](repeating: -.infinity, count: window.width * window.height)
        for part in parts {
            let widths = zip(part.width, part.seen).map { width, seen in
                let own = min(max(share * (width - Self.widened * unit), 0.8 * whole), 1.2 * whole)
                return own * (Self.faintWidth + (1 - Self.faintWidth) * smooth(0.1, 0.45, seen)) * larger
            }
            var (line, closing) = (part.line.map { $0 * larger }, widths)
            if part.isClosed {
                line.append(line[0])
                closing.append(widths[0])
            }
            let own = window.depth(
                ofStroke: line, widths: closing, reach: Self.beside * unit * larger + Self.margin)
            for index in own.indices { depth[index] = max(depth[index], Float(own[index])) }
        }
        return depth
    }

    /// - Parameter depth: how far within the frame each pixel of the window lies, in pixels.
    private func draw(
        _ depth: [Float], in window: CoverageWindow, into drawing: inout UndecidedDrawing
    ) {
        let colour = self.colour(in: drawing), middle = drawing.rule.enlarged(1).middle
        let beside = Float(Self.beside * region.unit / scale), eyes = self.eyes(in: window)
        let width = drawing.width
        var flat = drawing.flat.takePixels()
        for index in depth.indices where depth[index] > -beside - Float(Self.margin) {
            let place = (window.y + index / window.width) * width + window.x + index % window.width
            var pixel = flat[place]
            // The network's own pieces of the frame, where the eye has no lines.
            let quiet = smoothstep(-beside, 0.5 - beside, depth[index]) * (1 - eyes[index])
            pixel.w = pixel.w.hushed(by: quiet)
            let line = middle + Self.steepness * depth[index]
            pixel.w = max(pixel.w, min(max(line, .hushed), Self.most))
            let inside = smoothstep(-1.5, 0, depth[index]), logit = pixel.w
            pixel += (colour - pixel) * inside
            pixel.w = logit
            flat[place] = pixel
        }
        drawing.flat = Bitmap(width: width, height: drawing.height, pixels: flat)
    }

    /// R'G'B' that the frame's lines are inked over, so that they show its hue: never lighter than the skin, since the
    /// colour shows about a line's border.
    private func colour(in drawing: UndecidedDrawing) -> SIMD4<Float> {
        var dark = tone
        dark.x = min(0.85 * dark.x, Self.lightest * region.skin.x)
        let frame = upper(Lab.toRGB(dark), SIMD4(repeating: 0.02)), skin = drawnSkin(drawing)
        let most = Self.lightest * skin / frame, ink = max((lineTint.x + lineTint.y + lineTint.z) / 3, 0.05)
        var colour = frame * max(1, min(1 / ink, most.x, most.y, most.z))
        colour.w = 0
        return colour
    }

    /// R'G'B' of the drawn cheeks.
    private func drawnSkin(_ drawing: UndecidedDrawing) -> SIMD4<Float> {
        let mesh = region.mesh
        let cheeks = zip(MeshPoints.iris, MeshPoints.mouthCorners).map { (mesh.points[$0[0]] + mesh.points[$1]) * 0.5 }
        let reach = max(1, Int(0.09 * region.unit / scale))
        var colours: [SIMD3<Float>] = []
        for cheek in cheeks {
            let (x, y) = (Int(cheek.x / scale), Int(cheek.y / scale))
            for row in places(about: y, reach: reach, of: drawing.height) {
                for column in places(about: x, reach: reach, of: drawing.width) {
                    colours.append(Lab.from(drawing.flat[column, row]))
                }
            }
        }
        return Lab.toRGB(colours.medianColour ?? region.skin)
    }

    /// Where eyes and brows have lines of their own, 0…1.
    private func eyes(in window: CoverageWindow) -> [Float] {
        let larger = SimilarityTransform(scale: 1 / scale), mesh = region.mesh.map(larger), axes = FaceAxes(mesh)
        let eyes = window.drawnEyes(mesh, axes).dilated(by: .disc(Int(0.06 * axes.unit)))
        return eyes.plane.blurred(sigma: 1).values
    }
}

/// A frame as the network has drawn it, kept while skin is drawn.
struct KeptPixels {
    private struct Pixel {
        let index: Int
        let flat, shade, light: SIMD4<Float>
        /// How much it counts, 0…1.
        let share: Float
    }

    private let pixels: [Pixel]

    /// Reach about a frame in which all and in which none of the drawing is kept, in units.
    private static let reach = (all: 0.03, none: 0.06)

    init(of drawing: UndecidedDrawing, about parts: [FramePart], scale: Double, _ region: EyeRegion) {
        let unit = region.unit / scale,
            lines = parts.map { part in
                (part.isClosed ? part.line + part.line.prefix(1) : part.line).map { $0 * (1 / scale) }
            }
        guard
            let window = CoverageWindow(
                width: drawing.width, height: drawing.height, around: lines.flatMap { $0 },
                margin: Self.reach.none * unit)
        else {
            pixels = []
            return
        }
        var near = [Double](repeating: -.infinity, count: window.width * window.height)
        for line in lines {
            let own = window.depth(
                ofStroke: line, widths: [Double](repeating: 0, count: line.count), reach: Self.reach.none * unit)
            for index in own.indices { near[index] = max(near[index], own[index]) }
        }
        pixels = near.indices.compactMap { index in
            let share = smooth(-Self.reach.none * unit, -Self.reach.all * unit, near[index])
            guard share > 0 else { return nil }
            let place = (window.y + index / window.width) * drawing.width + window.x + index % window.width
            return Pixel(
                index: place, flat: drawing.flat.pixels[place], shade: drawing.shade.pixels[place],
                light: drawing.light.pixels[place], share: Float(share))
        }
    }

    /// Puts it back into the same drawing.
    func restore(in drawing: inout UndecidedDrawing) {
        for pixel in pixels {
            drawing.flat.pixels[pixel.index] += (pixel.flat - drawing.flat.pixels[pixel.index]) * pixel.share
            drawing.shade.pixels[pixel.index] += (pixel.shade - drawing.shade.pixels[pixel.index]) * pixel.share
            drawing.light.pixels[pixel.index] += (pixel.light - drawing.light.pixels[pixel.index]) * pixel.share
        }
    }
}
