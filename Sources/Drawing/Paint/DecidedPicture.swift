import Raster

extension Painting {
    /// Decides at the network's size: `pixels` become the colour with shade, light and eyes and the lines' coverage. A
    /// painting whose colour is finished stays as it is.
    ///
    /// - Parameters:
    ///   - photograph: what was drawn, of the same size.
    ///   - meshes: of the faces in it, in its pixels.
    mutating func decide(photograph: Bitmap, meshes: [FaceMesh]) {
        undecided?.roundEyes(of: meshes)
        undecided?.findIrises(photograph: photograph, meshes: meshes)
        guard let undecided else { return }
        // What was there goes first, since a large picture is not wanted twice.
        pixels = undecided.flat
        pixels = undecided.picture()
    }

    /// Lets the flat colour follow the photograph where the painting is enlarged.
    ///
    /// - Parameter photograph: what was drawn, of the same size.
    mutating func follow(_ photograph: Bitmap) {
        guard let flat = undecided?.flat else { return }
        undecided?.guide = GuidedColour(photograph: photograph, flat: flat)
        undecided?.cropMarks()
    }

    /// Remembers in what this painting differs from the one that was decided, so that it differs likewise when it is
    /// decided at another size.
    mutating func rememberCorrection(of decided: consuming Bitmap) {
        guard undecided != nil else { return }
        var correction = consume decided
        pixels.pixels.withSharedBuffer { after in
            correction.forEachRow { y, row in
                for x in row.indices { row[x] = after[y * row.count + x] - row[x] }
            }
        }
        undecided?.correction = correction
    }
}

extension UndecidedDrawing {
    /// The drawing at its own size: colour, and line coverage in `w`.
    func picture() -> Bitmap {
        let rule = self.rule.enlarged(1)
        let hasIrises = irises.width == width && irises.height == height
        return flat.pixels.withSharedBuffer { flat in
            shade.pixels.withSharedBuffer { shade in
                light.pixels.withSharedBuffer { light in
                    marks.pixels.withSharedBuffer { marks in
                        irises.pixels.withSharedBuffer { irises in
                            Bitmap(
                                width: width, height: height,
                                fill: { y, row in
                                    for x in row.indices {
                                        let index = y * row.count + x
                                        row[x] = rule.clamped(
                                            DecisionRule.Place(
                                                flat: flat[index], shade: shade[index], light: light[index],
                                                marks: marks[index],
                                                irises: hasIrises ? irises[index] : SIMD4(0, 0, 0, 1)))
                                    }
                                })
                        }
                    }
                }
            }
        }
    }

    /// Sets `irises` and the rim.
    mutating func findIrises(photograph: Bitmap, meshes: [FaceMesh]) {
        guard let places = IrisPlaces(self) else {
            irises = Bitmap(width: 1, height: 1, filledWith: SIMD4(0, 0, 0, 1))
            return
        }
        let seen = places.seen(photograph)
        let eyes = meshes.flatMap { mesh -> [Eye] in
            guard let colours = mesh.irises else { return [] }
            let reach = Float(0.6 * FaceAxes(mesh).unit)
            return zip(MeshPoints.iris, [colours.left, colours.right]).map {
                Eye(x: Float(mesh.points[$0[0]].x), y: Float(mesh.points[$0[0]].y), reach: reach, colour: $1)
            }
        }
        var map = Bitmap(width: width, height: height, filledWith: SIMD4(0, 0, 0, 1))
        for y in 0..<places.height {
            for x in 0..<places.width {
                let (column, row) = (places.x + x, places.y + y)
                marks[column, row].w = places.rim[y * places.width + x]
                guard places.isNearIris(x, y) else { continue }
                var (nearest, own) = (Float(1), Eye?.none)
                for eye in eyes {
                    let far = eye.distance(Float(column) + 0.5, Float(row) + 0.5)
                    if far < nearest { (nearest, own) = (far, eye) }
                }
                map[column, row] = own.map { Iris.hue(of: $0.colour) } ?? Iris.tint(seen[x, y])
            }
        }
        irises = map
    }
}

/// An iris whose colour is known.
private struct Eye {
    let x, y, reach: Float
    let colour: SIMD4<Float>

    /// In reaches.
    func distance(_ x: Float, _ y: Float) -> Float {
        ((x - self.x) * (x - self.x) + (y - self.y) * (y - self.y)).squareRoot() / reach
    }
}

/// The part of a drawing that its irises lie in.
private struct IrisPlaces {
    let x, y, width, height: Int
    /// The irises' masks at the network's size, 0…1.
    private let mask: [Float]
    /// 1 at an iris's border and beyond it, 0 within.
    let rim: [Float]
    private let covered: [Float]
    /// Logit of an iris that hardly shows: of a mask of 0.005.
    private static let least: Float = -5.3
    /// Half the side of the window in which an iris has one hue.
    private static let window = 10

    /// `nil` when there are none.
    init?(_ drawing: UndecidedDrawing) {
        let rule = drawing.rule.enlarged(1)
        var (left, top, right, bottom) = (Int.max, Int.max, -1, -1)
        for row in 0..<drawing.height {
            for column in 0..<drawing.width where drawing.marks[column, row].z > Self.least {
                (left, top, right, bottom) = (min(left, column), min(top, row), max(right, column), max(bottom, row))
            }
        }
        guard right >= left else { return nil }
        let margin = Self.window + 3
        (left, top) = (max(0, left - margin), max(0, top - margin))
        (right, bottom) = (min(drawing.width - 1, right + margin), min(drawing.height - 1, bottom + margin))
        let (width, height) = (right - left + 1, bottom - top + 1)
        let mask = (0..<width * height).map { rule.irises(drawing.marks[left + $0 % width, top + $0 / width]) }
        let covered = Self.blurred(mask, width, height)
        (x, y, self.width, self.height, self.mask, self.covered) = (left, top, width, height, mask, covered)
        rim = covered.map { min(max(2 - 2 * $0, 0), 1) }
    }

    /// By the binomial of five along both axes, edge pixels repeated.
    private static func blurred(_ values: [Float], _ width: Int, _ height: Int) -> [Float] {
        func along(_ values: [Float], _ count: Int, _ step: Int, _ position: (Int) -> Int) -> [Float] {
            values.indices.map { index in
                let here = position(index)
                func at(_ off: Int) -> Float { values[index + (min(max(here + off, 0), count - 1) - here) * step] }
                return (at(-2) + at(2) + 4 * (at(-1) + at(1)) + 6 * at(0)) / 16
            }
        }
        return along(along(values, width, 1) { $0 % width }, height, width) { $0 / width }
    }

    /// Whether an iris shows there or beside it.
    func isNearIris(_ x: Int, _ y: Int) -> Bool { covered[y * width + x] > 1e-5 }

    /// What the photograph shows of the irises around each pixel; 0 where there is none.
    func seen(_ photograph: Bitmap) -> Bitmap {
        // Drawn irises are larger than photographed ones: near the border the photograph shows lids and whites.
        var weighted = Bitmap(width: width, height: height)
        for index in weighted.pixels.indices {
            let inner = max(0, 2 * covered[index] - 1)
            var pixel = clamped01(photograph[x + index % width, y + index / width].finiteOrZero)
            pixel.w = 1
            weighted.pixels[index] = pixel * (inner * inner * mask[index])
        }
        var result = weighted.boxMeans(radius: Self.window)
        for index in result.pixels.indices { result.pixels[index] /= result.pixels[index].w + 1e-3 }
        return result
    }
}

extension Bitmap {
    /// The mean of all four channels over the square of 2·radius + 1 pixels about each pixel, as far as it lies in the
    /// picture.
    package func boxMeans(radius: Int) -> Bitmap {
        let (width, height) = (self.width, self.height)
        let rows = pixels.withSharedBuffer { source in
            Bitmap(
                width: width, height: height,
                fill: { y, row in
                    let start = y * width
                    Self.runningMeans(width, radius) {
                        source[start + $0]
                    } to: {
                        row[$0] = $1
                    }
                })
        }
        let means = rows.pixels.withSharedBuffer { source in
            [SIMD4<Float>](count: width * height) { target in
                parallelFor((width + 15) / 16) { strip in
                    let columns = strip * 16..<min(width, strip * 16 + 16)
                    Self.runningMeans(of: source, columns, width: width, height: height, radius, to: target)
                }
            }
        }
        return Bitmap(width: width, height: height, pixels: means)
    }

    /// Down some columns side by side, so that memory is read in its order and no sum waits for its own last one.
    private static func runningMeans(
        of source: SharedBuffer<SIMD4<Float>>, _ columns: Range<Int>, width: Int, height: Int, _ radius: Int,
        to target: SharedMutableBuffer<SIMD4<Float>>
    ) {
        withUnsafeTemporaryAllocation(of: SIMD4<Double>.self, capacity: columns.count) { sums in
            sums.initialize(repeating: .zero)
            func add(_ y: Int) {
                let start = y * width + columns.lowerBound
                for x in sums.indices { sums[x] += SIMD4<Double>(source[start + x]) }
            }
            for y in 0..<min(radius, height) { add(y) }
            for y in 0..<height {
                let start = y * width + columns.lowerBound, gone = start - (radius + 1) * width
                if y + radius < height { add(y + radius) }
                if y > radius {
                    for x in sums.indices { sums[x] -= SIMD4<Double>(source[gone + x]) }
                }
                let share = 1 / Double(min(y + radius, height - 1) - max(y - radius, 0) + 1)
                for x in sums.indices { target[start + x] = SIMD4<Float>(sums[x] * share) }
            }
        }
    }

    @inline(__always)
    private static func runningMeans(
        _ count: Int, _ radius: Int, _ value: (Int) -> SIMD4<Float>, to put: (Int, SIMD4<Float>) -> Void
    ) {
        // Multiplied by its inverse, since a division by the same number at each pixel is slow.
        var (sum, inside, share) = (SIMD4<Double>.zero, 0, 1.0)
        for index in 0..<min(radius, count) {
            sum += SIMD4<Double>(value(index))
            inside += 1
        }
        for index in 0..<count {
            let before = inside
            if index + radius < count {
                sum += SIMD4<Double>(value(index + radius))
                inside += 1
            }
            if index - radius - 1 >= 0 {
                sum -= SIMD4<Double>(value(index - radius - 1))
                inside -= 1
            }
            if index == 0 || inside != before { share = 1 / Double(inside) }
            put(index, SIMD4<Float>(sum * share))
        }
    }
}
