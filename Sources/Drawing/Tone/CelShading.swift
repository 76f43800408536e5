import Raster

/// Turns a drawing's soft shading into few tones with clean borders, as cels are painted: skin in shadow, base and light
/// placed by this person's own skin, everything else in a few steps. Detail that is darker or lighter than its
/// surroundings — eyes, brows, lips, strands — is left as drawn.
///
/// Tones are moved in luma and colour is scaled along, so hue and saturation stay.
enum CelShading {
    /// Steps between black and white outside skin, and how steep their borders are (0 gives no steps, 12 hard ones).
    private static let steps = (count: Float(7), steepness: Float(10))
    /// Share of the true shading that stays, so that cheeks stay round and gradients do not band hard.
    private static let kept = (skin: Float(0.2), rest: Float(0.35))
    private static let tableSize = 4096
    /// Luma differences from the surroundings at which detail begins to count, and counts in full.
    private static let detail = (from: Float(0.03), to: Float(0.08))

    /// - Parameters:
    ///   - faces: landmarks in the painting's coordinates.
    ///   - amount: 0 (as the network drew it) … 1 (full steps).
    static func apply(_ painting: Painting, faces: [Landmarks], amount: Double) -> Painting {
        guard amount > 0 else { return painting }
        let pixels = painting.pixels
        let luma = Plane(width: pixels.width, height: pixels.height).mappedRows { start, row in
            pixels.pixels.withUnsafeBufferPointer { colours in
                for x in row.indices { row[x] = self.luma(colours[start + x]) }
            }
        }
        var tone = stepped(luma)
        let coarse = ToneShift(source: pixels, painting: painting)
        for face in faces {
            guard let skin = SkinTones(coarse, luma: luma, landmarks: face) else { continue }
            skin.shade(&tone, luma: luma)
        }
        return recoloured(painting, luma: luma, tone: tone, amount: Float(amount))
    }

    private static func luma(_ c: SIMD4<Float>) -> Float { 0.2126 * c.x + 0.7152 * c.y + 0.0722 * c.z }

    /// How far `value` stands out from its `surroundings`, 0…1.
    fileprivate static func standsOut(_ value: Float, from surroundings: Float) -> Float {
        smoothstep(detail.from, detail.to, abs(value - surroundings))
    }

    private static func stepped(_ luma: Plane) -> Plane {
        let soft = luma.blurred(sigma: 1.5)
        // Exponentials for each pixel would cost more than all the rest of the shading.
        let table = (0...tableSize).map { softSteps(Float($0) / Float(tableSize)) }
        return soft.values.withUnsafeBufferPointer { soft in
            luma.mappedRows { start, row in
                for x in row.indices {
                    let (value, smooth) = (row[x], soft[start + x])
                    let step = table[Int(min(max(smooth, 0), 1) * Float(tableSize) + 0.5)]
                    let tone = (1 - kept.rest) * step + kept.rest * smooth
                    row[x] = tone + (value - tone) * standsOut(value, from: smooth)
                }
            }
        }
    }

    /// 0…1 in `steps.count` steps joined by S-curves (soft quantisation, Winnemöller et al. 2006).
    static func softSteps(_ value: Float) -> Float {
        let scaled = min(max(value, 0), 1) * steps.count
        let base = scaled.rounded(.down)
        func curve(_ t: Float) -> Float { 1 / (1 + exponential(-steps.steepness * (t - 0.5))) }
        let (low, high) = (curve(0), curve(1))
        return (base + (curve(scaled - base) - low) / (high - low)) / steps.count
    }

    private static func recoloured(_ painting: Painting, luma: Plane, tone: Plane, amount: Float) -> Painting {
        var result = painting
        luma.values.withUnsafeBufferPointer { luma in
            tone.values.withUnsafeBufferPointer { tone in
                result.pixels.forEachRow { y, row in
                    for x in row.indices {
                        let index = y * row.count + x
                        // Near black a small offset keeps the scale bounded.
                        let scale = 1 + ((tone[index] + 0.02) / (luma[index] + 0.02) - 1) * amount
                        let coverage = row[x].w
                        row[x] = clamped01(row[x] * scale)
                        row[x].w = coverage
                    }
                }
            }
        }
        return result
    }
}

/// The tones of one person's skin: where shadow, deep shadow and light begin, from the median and the spread (median
/// absolute deviation) of the skin's own luma, so that dark and light skin get the same care.
private struct SkinTones {
    private let mask: Plane
    private let coarseFactor: Int
    private let unit: Float
    private let middle: Float
    private let spread: Float
    private let centre: Point

    init?(_ coarse: ToneShift, luma: Plane, landmarks: Landmarks) {
        guard let skin = SkinModel(coarse, landmarks: landmarks) else { return nil }
        let unit = landmarks.interOcularDistance
        let mouth = (landmarks.leftMouth + landmarks.rightMouth) * 0.5, eyes = (landmarks.leftEye + landmarks.rightEye) * 0.5
        centre = eyes + (mouth - eyes) * 0.6
        self.unit = Float(unit)
        coarseFactor = coarse.factor
        var mask = Plane(width: coarse.drawn.width, height: coarse.drawn.height)
        var sample: [Float] = []
        for index in mask.values.indices {
            let p = coarse.centre(index)
            let near = 1 - smoothstep(2.2, 2.8, Float((p - centre).length / unit))
            guard near > 0 else { continue }
            let likely = near * smoothstep(0.25, 0.7, skin.likelihood(coarse.drawn.values[index]))
            mask.values[index] = likely
            if likely > 0.6 {
                let (x, y) = (min(Int(p.x), luma.width - 1), min(Int(p.y), luma.height - 1))
                sample.append(luma[x, y])
            }
        }
        guard sample.count >= 12 else { return nil }
        let median = Self.median(sample)
        middle = median
        // Bounds in proportion to the skin's own luma: what is a soft shadow on light skin would be none on dark.
        spread = min(max(1.4826 * Self.median(sample.map { abs($0 - median) }), 0.004 + 0.045 * median), 0.05 + 0.06 * median)
        self.mask = mask.blurred(sigma: 0.8)
    }

    private static func median(_ values: [Float]) -> Float { values.sorted()[values.count / 2] }

    /// Replaces `tone` by the skin's own steps, as far as a place is skin.
    func shade(_ tone: inout Plane, luma: Plane) {
        let reach = Double(unit) * 3
        let columns = range(centre.x, reach, luma.width), rows = range(centre.y, reach, luma.height)
        guard !columns.isEmpty, !rows.isEmpty else { return }
        let (left, top, stride) = (columns.lowerBound, rows.lowerBound, luma.width)
        let empty = Plane(width: columns.count, height: rows.count)
        let weights = empty.mappedRows { start, row in
            for x in row.indices { row[x] = maskValue(left + x, top + start / row.count) }
        }
        let weighted = weights.mappedRows { start, row in
            let line = (top + start / row.count) * stride + left
            for x in row.indices { row[x] *= luma.values[line + x] }
        }
        // Blurring skin only keeps the darkness of hair from creeping into the forehead.
        let sigma = Double(unit) / 20
        let (sum, total) = (weighted.blurred(sigma: sigma), weights.blurred(sigma: sigma))
        for y in rows {
            for x in columns {
                let index = (y - top) * columns.count + x - left
                let weight = weights.values[index]
                guard weight > 0.01 else { continue }
                let value = luma.values[y * stride + x], smooth = sum.values[index] / max(total.values[index], 1e-4)
                let stepped = 0.8 * step(smooth) + 0.2 * smooth
                let shaded = stepped + (value - stepped) * CelShading.standsOut(value, from: smooth)
                tone.values[y * stride + x] += (shaded - tone.values[y * stride + x]) * weight
            }
        }
    }

    /// The tone that a smooth luma belongs to.
    private func step(_ smooth: Float) -> Float {
        let soft = 0.0005 + 0.008 * middle
        func above(_ border: Float) -> Float { smoothstep(border - soft, border + soft, smooth) }
        let drop = min(max(spread, 0.075 * middle), 0.16 * middle + 0.03)
        let dark = 1 - above(middle - spread), deep = 1 - above(middle - 2.6 * spread)
        let light = above(middle + 1.1 * spread)
        return middle + 0.01 - drop * dark - 1.2 * drop * deep + min(0.5 * spread, 0.4 * (0.97 - middle)) * light
    }

    private func maskValue(_ x: Int, _ y: Int) -> Float {
        let u = min(max((Float(x) + 0.5) / Float(coarseFactor) - 0.5, 0), Float(mask.width - 1))
        let v = min(max((Float(y) + 0.5) / Float(coarseFactor) - 0.5, 0), Float(mask.height - 1))
        let (left, top) = (Int(u), Int(v)), (right, bottom) = (min(Int(u) + 1, mask.width - 1), min(Int(v) + 1, mask.height - 1))
        let (fx, fy) = (u - Float(left), v - Float(top))
        let upper = mask[left, top] * (1 - fx) + mask[right, top] * fx
        let lower = mask[left, bottom] * (1 - fx) + mask[right, bottom] * fx
        return upper * (1 - fy) + lower * fy
    }

    private func range(_ middle: Double, _ reach: Double, _ count: Int) -> Range<Int> {
        let low = min(max(middle - reach, 0), Double(count)), high = min(max(middle + reach, low), Double(count))
        return Int(low)..<Int(high)
    }
}
