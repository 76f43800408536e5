import XCTest

/// The drawing is a new layer above its source, wherever that is in the image.
final class LayerTests: XCTestCase {
    func testDrawingLiesAboveItsSourceAtItsPlace() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)) (other (car (gimp-layer-copy layer TRUE))))
              (gimp-image-insert-layer image other 0 0)
              (gimp-layer-resize layer 120 100 -30 -20)
              (gimp-layer-set-offsets layer 37 -11)
              (gimp-item-set-name layer "source")
              (let ((drawing (draw image layer 100 1)))
                (say "order" (car (gimp-image-get-layers image)) (car (gimp-image-get-item-position image drawing))
                     (car (gimp-image-get-item-position image layer)))
                (say "place" (gimp-drawable-offsets drawing) (car (gimp-drawable-width drawing))
                     (car (gimp-drawable-height drawing)))
                (say "name" (gimp-item-get-name drawing))
                (say "active" (- drawing (car (gimp-image-get-active-layer image))))
                (say "look" (car (gimp-layer-get-opacity drawing)) (car (gimp-item-get-visible drawing))
                     (car (gimp-layer-get-mask drawing)))))
            """)
        XCTAssertSaid(output, "order", [3, 1, 2])
        XCTAssertSaid(output, "place", [37, -11, 120, 100])
        XCTAssertEqual(output.values("name"), ["Anime", "Style", "–", "Cel"])
        XCTAssertSaid(output, "active", [0])
        XCTAssertSaid(output, "look", [100, 1, -1])
    }

    func testGroups() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)) (outer (car (gimp-layer-group-new image)))
                   (group (car (gimp-layer-group-new image))))
              (gimp-image-insert-layer image outer 0 0)
              (gimp-image-insert-layer image group outer 0)
              (gimp-image-reorder-item image layer group 0)
              (gimp-layer-set-offsets layer 9 8)
              (gimp-item-set-lock-content group TRUE)
              (let ((inside (draw image layer 0 1)))
                (say "inside" (- group (car (gimp-item-get-parent inside)))
                     (car (gimp-image-get-item-position image inside)) (car (gimp-image-get-item-position image layer)))
                (gimp-image-remove-layer image inside))
              (gimp-item-set-lock-content group FALSE)
              (let* ((above (draw image group 0 1)) (flat (car (gimp-layer-copy layer TRUE))))
                (say "above" (- outer (car (gimp-item-get-parent above)))
                     (car (gimp-image-get-item-position image above)) (car (gimp-image-get-item-position image group)))
                (say "above-place" (gimp-drawable-offsets above) (car (gimp-drawable-width above)))
                (gimp-image-insert-layer image flat 0 0)
                (say "above-same" (differing image flat above 0.006))))
            """)
        XCTAssertSaid(output, "inside", [0, 0, 1])
        XCTAssertSaid(output, "above", [0, 0, 1])
        XCTAssertSaid(output, "above-place", [9, 8, 160])
        XCTAssertSaid(output, "above-same", [0])
    }

    func testLayerMaskIsCopiedAndNotBakedIn() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 40 30 50 60)
              (gimp-layer-add-mask layer (car (gimp-layer-create-mask layer ADD-MASK-SELECTION)))
              (gimp-selection-none image)
              (let* ((drawing (draw image layer 100 1)) (mask (car (gimp-layer-get-mask drawing))))
                (say "opaque" (cadddr (pixel drawing 5 5)) (cadddr (pixel drawing 60 60)))
                (say "mask" (pixel mask 5 5) (pixel mask 60 60) (car (gimp-layer-get-apply-mask drawing)))
                (say "mask-histogram" (gimp-drawable-histogram mask HISTOGRAM-VALUE 0 1))
                (say "source-histogram"
                     (gimp-drawable-histogram (car (gimp-layer-get-mask layer)) HISTOGRAM-VALUE 0 1))))
            """)
        XCTAssertSaid(output, "opaque", [255, 255])
        XCTAssertSaid(output, "mask", [0, 255, 1])
        XCTAssertSaid(output, "mask-histogram", output.numbers("source-histogram"))
    }

    func testLockedLayerIsDrawnAndStaysAsItIs() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)) (copy (car (gimp-layer-copy layer TRUE))))
              (gimp-item-set-lock-content layer TRUE)
              (gimp-item-set-lock-position layer TRUE)
              (gimp-layer-set-lock-alpha layer TRUE)
              (let ((drawing (draw image layer 100 1)))
                (say "locks" (car (gimp-item-get-lock-content drawing)) (car (gimp-layer-get-lock-alpha drawing)))
                (gimp-image-insert-layer image copy 0 0)
                (say "changed" (differing image copy layer 0.002))
                (say "drawn" (differing image copy drawing 0.03))))
            """)
        XCTAssertSaid(output, "locks", [0, 0])
        XCTAssertSaid(output, "changed", [0])
        XCTAssertGreaterThan(output.numbers("drawn").first ?? 0, 1000)
    }

    func testInvisibleLockedLayerInAnInvisibleGroupIsDrawn() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)) (group (car (gimp-layer-group-new image))))
              (gimp-image-insert-layer image group 0 0)
              (gimp-image-reorder-item image layer group 0)
              (gimp-item-set-visible layer FALSE)
              (gimp-item-set-visible group FALSE)
              (gimp-item-set-lock-position layer TRUE)
              (for-each (lambda (output)
                  (let ((drawing (draw-as output image layer 100 1)))
                    (say (string-append "drawn-" (number->string output)) (car (gimp-item-get-visible drawing))
                         (- group (car (gimp-item-get-parent drawing)))
                      (car (gimp-item-get-visible layer)) (car (gimp-item-get-lock-position drawing)))))
                '(0 1 2)))
            """)
        for mode in 0...2 { XCTAssertSaid(output, "drawn-\(mode)", [1, 0, 0, 0]) }
    }

    func testSmallestLayersAreDrawnInEveryOutput() throws {
        let output = try GimpSession.shared.get().run(
            """
            (for-each (lambda (size)
              (for-each (lambda (output)
                  (let* ((image (portrait)) (layer (photo-layer image)))
                    (gimp-layer-scale layer (car size) (cadr size) FALSE)
                    (let ((drawing (draw-as output image layer 100 2)))
                      (say (string-append "size-" (number->string (car size)) "-" (number->string output))
                        (car (gimp-drawable-width drawing)) (car (gimp-drawable-height drawing))
                        (car (gimp-image-get-layers image))))
                    (gimp-image-delete image)))
                '(0 1 2 3)))
              '((8 8) (9 131)))
            """)
        for (width, height) in [(8.0, 8.0), (9, 131)] {
            for mode in 0...3 {
                XCTAssertSaid(output, "size-\(Int(width))-\(mode)", [width, height, mode == 3 ? 1 : 2])
            }
        }
    }

    /// A layer beside the canvas, or half on it, is drawn whole and stays where it is.
    func testLayersOutsideTheCanvasAreDrawnWhole() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)) (inside (draw image layer 100 2)))
              (for-each (lambda (each)
                  (let* ((name (car each)) (output (list-ref each 3)) (source (car (gimp-layer-copy layer FALSE))))
                    (gimp-image-insert-layer image source 0 0)
                    (gimp-layer-set-offsets source (cadr each) (caddr each))
                    (let ((drawing (draw-as output image source 100 2)))
                      (say (string-append "place-" name) (gimp-drawable-offsets drawing)
                        (car (gimp-drawable-width drawing)) (car (gimp-drawable-height drawing)))
                      (gimp-layer-set-offsets drawing 0 0)
                      (if (= output 1) (gimp-layer-remove-mask drawing MASK-DISCARD))
                      (say (string-append "differing-" name) (differing image inside drawing 0.006)))))
                '(("beside" 500 -300 0) ("replaced" 500 -300 3) ("half" -80 40 1))))
            """)
        for (name, place) in [("beside", [500.0, -300]), ("replaced", [500, -300]), ("half", [-80, 40])] {
            XCTAssertSaid(output, "place-\(name)", place + [160, 160])
            XCTAssertSaid(output, "differing-\(name)", [0])
        }
    }
}
